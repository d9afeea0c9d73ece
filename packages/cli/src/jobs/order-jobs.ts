import type { OrderCreate } from "@imcloud/client";
import { checkBody, readJson } from "../body.ts";
import type { Context } from "../context.ts";
import { CommandError } from "../exit-codes.ts";
import { writeThing } from "../output/output.ts";

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

/** Places an order: once where it is asked for, and until it is completed. */
export async function placeOrder(context: Context, file: string, { once, wait }: PlaceOptions): Promise<void> {
  const body = (await readJson(file, context.shell)) as unknown as OrderCreate & { poNumber: string };
  await checkBody("orders_create", body);
  if (once && !body.poNumber) throw new CommandError("--once needs a poNumber in the order, to find it again by.");
  const imcloud = await context.connect();
  const { signal } = context.shell;
  const placed = await (once ? imcloud.orders.createOnce(body, { signal }) : imcloud.orders.create(body, { signal }));
  const order = wait ? await imcloud.orders.wait(placed.id, { signal, onState: teller(context) }) : placed;
  await writeThing(context, order, { columns: COLUMNS });
}

/** Waits until an order is completed. */
export async function waitForOrder(context: Context, id: string): Promise<void> {
  const imcloud = await context.connect();
  const order = await imcloud.orders.wait(id, { signal: context.shell.signal, onState: teller(context) });
  await writeThing(context, order, { columns: COLUMNS });
}
