import { createClient } from "@imcloud/client";
import type { Sandbox } from "@imcloud/mock/sandbox";
import { type SyncStore, sync } from "@imcloud/sync";

/** When a process is killed: before a call reaches the API, or after the API has responded. */
export type Moment = "before" | "after";

/**
 * Runs a sync that stops at a call like a killed process: nothing goes on, and the lease is not released.
 * @param calls the number of calls that get a response
 * @returns whether it finished before
 */
export async function syncUntilKilled(
  sandbox: Sandbox,
  open: () => SyncStore,
  { calls, moment, token }: { calls: number; moment: Moment; token: string },
): Promise<boolean> {
  const to = open();
  let sent = 0;
  let isComplete = false;
  const ended = new Promise<void>((resolve, reject) => {
    const fetch = async (request: Request): Promise<Response> => {
      sent += 1;
      if (sent <= calls) return sandbox.fetch(request);
      if (moment === "after") await sandbox.fetch(request);
      resolve();
      return new Promise(() => {});
    };
    const client = createClient({
      ...sandbox.connection,
      auth: { token: () => token },
      fetch,
      rateLimit: false,
      retry: false,
      timeout: 0,
    });
    sync({ client, to, now: () => sandbox.now(), lease: 1, concurrency: 1, perDay: 1_000_000 }).then(
      (result) => {
        isComplete = result.isComplete;
        resolve();
      },
      // A killed process reports nothing; the promise is settled by then.
      reject,
    );
  });
  await ended;
  // A killed process closes its files.
  await to.close();
  return isComplete;
}
