import type { RequestOptions } from "../calls/call.ts";
import type { Resources } from "../generated/resources.ts";
import type { Checked, ClientOptions } from "../options.ts";
import { fetchOf } from "../pipeline/fetch.ts";
import { retryPolicy } from "../pipeline/retry.ts";
import type { Send } from "../pipeline/send.ts";
import { details } from "./details.ts";
import { createDownload } from "./download.ts";
import { customerFinder, OrderNumbers, orderFinder } from "./find.ts";
import type { Jobs, ReportJobs } from "./jobs.ts";
import { type OnceOptions, once } from "./once.ts";
import { waitForOrder, waitForReport } from "./wait.ts";

function checkKey(operation: string, name: string, value: unknown): void {
  if (typeof value === "string" && value !== "") return;
  throw new TypeError(`${operation} needs ${name} to be a string that is not empty, to know the thing again by.`);
}

/** The options of a job that its call takes too. */
function callOptions({ settle: _, attempts: __, ...options }: OnceOptions): RequestOptions {
  return options;
}

const signalOf = ({ signal }: { signal?: AbortSignal }): RequestOptions => (signal ? { signal } : {});

/**
 * What takes more than one call, made of the calls of a client with these options.
 * @param observe shows the logger and the tracer what is sent past the client's own pipeline
 */
export function createJobs(
  { customers, orders, subscriptions, reports }: Resources,
  { fetch: own, retry, timeout }: Checked<ClientOptions>,
  observe: (send: Send) => Send,
): Jobs {
  const numbers = new OrderNumbers();
  const wait: ReportJobs["wait"] = (id, options) => waitForReport(reports.get, id, options);
  return {
    customers: {
      async createOnce(body, options = {}) {
        checkKey("customers.createOnce", "externalId", body.externalId);
        const create = () => customers.create(body, callOptions(options));
        return once(create, () => customerFinder(customers, body, options), options);
      },
    },
    orders: {
      async createOnce(body, options = {}) {
        checkKey("orders.createOnce", "poNumber", body.poNumber);
        const create = async () => numbers.remember(await orders.create(body, callOptions(options)));
        return once(create, (sentAt) => orderFinder(orders, numbers, body, sentAt, options), options);
      },
      details: (query, options = {}) => details(orders.list(query, signalOf(options)), orders.get, options),
      wait: (id, options) => waitForOrder(orders.get, id, options),
    },
    subscriptions: {
      details: (query, options = {}) =>
        details(subscriptions.list(query, signalOf(options)), subscriptions.get, options),
    },
    reports: {
      download: createDownload({ fetch: fetchOf(own), policy: retryPolicy(retry), timeout, get: reports.get, observe }),
      wait,
      run: async (body, options = {}) => wait((await reports.create(body, signalOf(options))).id, options),
    },
  };
}
