import type { Context } from "../context.ts";
import { refuseDryRun } from "../curl.ts";
import { CommandError, exitCodes } from "../exit-codes.ts";
import { rowWriter } from "../output/output.ts";
import { openStore } from "../settings/outbox.ts";

const COLUMNS = ["state", "operation", "scope", "text", "id", "sentAt", "reason"];

function checkMarketplace({ options }: Context): void {
  if (options.mock) throw new CommandError("There is no outbox with --mock: its sandbox ends with the command.");
}

/** Lists the outbox: orders with an unknown outcome, and those created in the last 30 days. */
export async function listOutbox(context: Context): Promise<void> {
  checkMarketplace(context);
  const { outbox } = await openStore(context.options, context.shell);
  const writer = await rowWriter(context, { columns: COLUMNS });
  for (const item of await outbox.list()) writer.write(item);
  await writer.end();
}

/** Looks for orders with an unknown outcome, and sends those again that certainly do not exist. */
export async function resumeOutbox(context: Context): Promise<void> {
  refuseDryRun(context, "outbox resume");
  checkMarketplace(context);
  const { outbox } = await openStore(context.options, context.shell);
  const imcloud = await context.connect();
  const { finished, open } = await outbox.resume(imcloud, { signal: context.shell.signal });
  const writer = await rowWriter(context, { columns: COLUMNS });
  for (const item of [...finished, ...open]) writer.write(item);
  await writer.end();
  if (open.length === 0) return;
  throw new CommandError(`Of ${open.length} nobody knows yet what became of it.`, exitCodes.outcomeUnknown);
}
