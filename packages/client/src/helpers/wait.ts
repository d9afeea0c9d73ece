import { abortSignal, callable, checkOptions, isObject, milliseconds, type Rules, text } from "@imcloud/options";
import type { OrderDetails, Report } from "@imcloud/spec";
import { MarketplaceError, OrderFailedError, ReportFailedError, TimeoutError } from "../core/errors/errors.ts";
import { sleep, within } from "../core/time.ts";

/** Options of `orders.wait`, `reports.wait` and `reports.run`. */
export interface WaitOptions<T> {
  /**
   * Milliseconds until the wait ends with a {@link TimeoutError}.
   * @defaultValue 600_000
   */
  timeout?: number | undefined;
  /** Ends the wait, which then rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
  /** Called for each new state, the first included. */
  onState?: ((current: T) => void) | undefined;
}

/** The rules of {@link WaitOptions}. */
export const WAIT_RULES: Rules<WaitOptions<never>> = {
  timeout: milliseconds,
  signal: abortSignal,
  onState: callable,
};

const DEFAULT_TIMEOUT = 600_000;
/** Milliseconds before the second poll, and the most between two polls. */
const FIRST_DELAY = 1_000;
const LONGEST_DELAY = 30_000;
const SLOWDOWN = 1.5;

interface HasState {
  status?: string;
  statusCode?: string;
}

/** Polls until a final state, less and less often, as each call counts against the rate limit. */
function poll<T extends HasState>(
  what: string,
  get: (signal: AbortSignal) => Promise<T>,
  isFinal: (current: T) => boolean,
  options: WaitOptions<T>,
): Promise<T> {
  checkOptions(WAIT_RULES, options, "wait");
  const { timeout = DEFAULT_TIMEOUT, signal, onState } = options;
  let state = "not seen yet";
  const late = () => new TimeoutError(`${what} was still "${state}" after ${timeout} ms.`);
  return within(timeout, signal, late, async (ending) => {
    let before: string | undefined;
    for (let delay = FIRST_DELAY; ; delay = Math.min(delay * SLOWDOWN, LONGEST_DELAY)) {
      const current = await get(ending);
      if (!isObject(current)) throw new MarketplaceError(`${what} came as a response that does not say its state.`);
      state = String(current.status);
      const now = `${current.status} ${current.statusCode}`;
      if (now !== before) onState?.(current);
      before = now;
      if (isFinal(current)) return current;
      await sleep(delay, ending);
    }
  });
}

/** @throws {@link OrderFailedError} when the order ends as `error` or `cancelled` */
export async function waitForOrder(
  get: (id: string, options: { signal: AbortSignal }) => Promise<OrderDetails>,
  id: string,
  options: WaitOptions<OrderDetails> = {},
): Promise<OrderDetails> {
  const hasFailed = ({ status }: OrderDetails) => status === "error" || status === "cancelled";
  const isFinal = (order: OrderDetails) => order.status === "completed" || hasFailed(order);
  text(id, "orders.wait: id");
  const order = await poll(`Order ${id}`, (signal) => get(id, { signal }), isFinal, options);
  if (hasFailed(order)) throw new OrderFailedError(order);
  return order;
}

/** @throws {@link ReportFailedError} when the report ends as `error` */
export async function waitForReport(
  get: (id: string, options: { signal: AbortSignal }) => Promise<Report>,
  id: string,
  options: WaitOptions<Report> = {},
): Promise<Report> {
  const isFinal = ({ status }: Report) => status === "completed" || status === "error";
  text(id, "reports.wait: id");
  const report = await poll(`Report ${id}`, (signal) => get(id, { signal }), isFinal, options);
  if (report.status === "error") throw new ReportFailedError(report);
  return report;
}
