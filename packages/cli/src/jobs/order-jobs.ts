import type { ImcloudClient, OrderCreate, OrderDetails } from "@imcloud/client";
import { checkBody, readJson } from "../body.ts";
import type { Context } from "../context.ts";
import { CommandError } from "../exit-codes.ts";
import { writeResource } from "../output/output.ts";
import { say } from "../output/text.ts";
import { openStore } from "../settings/outbox.ts";

const COLUMNS = ["id", "orderNumber", "status", "total.amount", "total.currency"];

/** Prints each status of an order on a terminal. */
const teller =
  ({ shell }: Context) =>
  ({ orderNumber, id, status }: { orderNumber?: string; id: string; status?: string }) => {
    if (shell.stderr.isTTY) say(shell, `${orderNumber ?? id} is ${status}`);
  };

/** Options of `orders place`. */
export interface PlaceOptions {
  once?: boolean;
  wait?: boolean;
}

/** Places an order once, even if the command is run again: a file holds the outbox. */
async function placeOnce(
  { options, shell }: Context,
  imcloud: ImcloudClient,
  body: OrderCreate & { poNumber: string },
): Promise<OrderDetails> {
  const { signal } = shell;
  // Without an outbox: a sandbox ends with the command, and a dry run sends nothing.
  if (options.mock || options.dryRun) return imcloud.orders.createOnce(body, { signal });
  const { outbox } = await openStore(options, shell);
  return imcloud.orders.createOnce(body, { signal, outbox });
}

/** Places an order, with `--once` exactly once, and with `--wait` until it is completed. */
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
  await writeResource(context, order, { columns: COLUMNS });
}

/** Waits until an order is completed. */
export async function waitForOrder(context: Context, id: string): Promise<void> {
  const imcloud = await context.connect();
  const order = await imcloud.orders.wait(id, { signal: context.shell.signal, onState: teller(context) });
  await writeResource(context, order, { columns: COLUMNS });
}
