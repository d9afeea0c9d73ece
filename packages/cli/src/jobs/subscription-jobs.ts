import type { Context } from "../context.ts";
import { CommandError } from "../exit-codes.ts";
import { rowWriter, writeResource } from "../output/output.ts";
import { wholeNumber } from "../typed-values.ts";

const UNITS: Record<string, number> = { h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** `30d`, `12h` or `2w` in milliseconds. */
export function parseDuration(text: string): number {
  const [, count, unit = ""] = /^(\d+)([hdw])$/.exec(text) ?? [];
  const milliseconds = Number(count) * (UNITS[unit] ?? Number.NaN);
  if (Number.isSafeInteger(milliseconds)) return milliseconds;
  throw new CommandError(`--within takes hours, days or weeks: 12h, 30d or 2w; got "${text}".`);
}

/** The active subscriptions that renew or end soon. */
export async function listDue(
  context: Context,
  { within, customerId }: { within: string; customerId?: string },
): Promise<void> {
  const query = { within: parseDuration(within), customerId };
  const writer = await rowWriter(context, { columns: ["day", "action", "id", "name", "customerId"] });
  const imcloud = await context.connect();
  for await (const { subscription, day, action } of imcloud.subscriptions.due(query, {
    signal: context.shell.signal,
  })) {
    writer.write({ day, action, ...subscription });
  }
  await writer.end();
}

/** Options of `subscriptions seats`. */
export interface SeatOptions {
  to: string;
  product?: string;
  poNumber?: string;
  wait?: boolean;
}

/** Refuses a number by which nothing can be found again. */
function checkNumber(flag: string, text: string | undefined): void {
  if (text === undefined || /[\p{L}\p{N}]/u.test(text)) return;
  throw new CommandError(`${flag} takes a text with a letter or a digit; got "${text}".`);
}

/** Changes seats to a total, as a repeated difference would add twice. */
export async function changeSeats(context: Context, id: string, options: SeatOptions): Promise<void> {
  const to = wholeNumber("--to", options.to);
  const { product, poNumber, wait } = options;
  checkNumber("--po-number", poNumber);
  const imcloud = await context.connect();
  const { signal } = context.shell;
  const change = await imcloud.subscriptions.changeSeats(
    id,
    { to },
    { signal, product, poNumber, ...(wait === false && { wait: false }) },
  );
  const { order } = change;
  const result = { from: change.from, to: change.to, order: order?.orderNumber ?? order?.id, status: order?.status };
  await writeResource(context, result, { columns: ["from", "to", "order", "status"] });
}
