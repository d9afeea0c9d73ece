import type { ImcloudClient, OrderCreate, OrderDetails } from "@imcloud/client";
import { checkBody, readJson } from "../body.ts";
import type { Context } from "../context.ts";
import { CommandError } from "../exit-codes.ts";
import { writeThing } from "../output/output.ts";
import { openStore } from "../settings/outbox.ts";

const COLUMNS = ["id", "orderNumber", "status", "total.amount", "total.currency"];

/** Says each state of an order on its way, to people alone. */
const teller =
  ({ shell }: Context) =>
  ({ orderNumber, id, status }: { orderNumber?: string; id: string; status?: string }) => {
    if (shell.stderr.isTTY) shell.stderr.write(`${orderNumber ?? id} is ${status}\n`);
  };

/** Options of `orders place`. */
export interface PlaceOptions {
  once?: boolean;
  wait?: boolean;
}

/** Places an order once, also if this command is run again: what is under way is kept in a file. */
async function placeOnce(
  { options, shell }: Context,
  imcloud: ImcloudClient,
  body: OrderCreate & { poNumber: string },
): Promise<OrderDetails> {
  const { signal } = shell;
  // A sandbox ends with the command, and what was under way with it; what is only shown is not under way.
  if (options.mock || options.dryRun) return imcloud.orders.createOnce(body, { signal });
  const { outbox } = await openStore(options, shell);
  return imcloud.orders.createOnce(body, { signal, outbox });
}

/** Places an order: once where it is asked for, and until it is completed. */
export async function placeOrder(context: Context, file: string, { once, wait }: PlaceOptions): Promise<void> {
  const body = (await readJson(file, context.shell)) as unknown as OrderCreate & { poNumber: string };
  await checkBody("orders_create", body);
  if (once && !/[\p{L}\p{N}]/u.test(body.poNumber ?? "")) {
    throw new CommandError("--once needs a poNumber with a letter or a digit in the order, to find it again by.");
  }
  const imcloud = await context.connect();
  const { signal } = context.shell;
  const placed = await (once ? placeOnce(context, imcloud, body) : imcloud.orders.create(body, { signal }));
  const order = wait ? await imcloud.orders.wait(placed.id, { signal, onState: teller(context) }) : placed;
  await writeThing(context, order, { columns: COLUMNS });
}

/** Waits until an order is completed. */
export async function waitForOrder(context: Context, id: string): Promise<void> {
  const imcloud = await context.connect();
  const order = await imcloud.orders.wait(id, { signal: context.shell.signal, onState: teller(context) });
  await writeThing(context, order, { columns: COLUMNS });
}
