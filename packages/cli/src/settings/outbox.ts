import { createHash } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Store } from "@imcloud/stores";
import type { GlobalOptions, Shell } from "../context.ts";
import { CommandError } from "../exit-codes.ts";
import { readSettings } from "./connect.ts";

/** The outbox file of an account, as PO numbers are unique within one. */
async function outboxFile(options: GlobalOptions, shell: Shell): Promise<string> {
  const { baseUrl, marketplace, auth } = await readSettings(options, shell);
  const user = "username" in auth ? auth.username : "token";
  const account = createHash("sha256")
    .update(JSON.stringify([baseUrl, marketplace, user]))
    .digest("hex");
  await mkdir(shell.configFolder, { recursive: true, mode: 0o700 });
  return join(shell.configFolder, `outbox-${account.slice(0, 12)}.db`);
}

/**
 * Opens the store of `--once`, by which a later process recognizes the same order.
 * @throws {@link CommandError} on a Node without SQLite
 */
export async function openStore(options: GlobalOptions, shell: Shell): Promise<Store> {
  const file = await outboxFile(options, shell);
  const { sqliteStore, StoreError } = await import("@imcloud/stores");
  try {
    const store = sqliteStore(file);
    shell.atEnd.push(() => void store.close());
    await store.migrate();
    return store;
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    throw new CommandError(`What is under way cannot be kept in ${file}: ${error.message}`);
  }
}
