import { createClient } from "@imcloud/client";
import type { Sandbox } from "@imcloud/mock/sandbox";
import { type SyncStore, sync } from "@imcloud/sync";

/** Where a process ends: before a call reaches the API, or after the API has responded to it. */
export type Moment = "before" | "after";

/**
 * Runs a sync in a process that ends at a call: nothing of it goes on, and nobody gives its tables back.
 * @param calls calls that it gets the response of
 * @returns whether it came to its end before
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
      // Of a process that has ended, nobody hears: the promise is settled then.
      reject,
    );
  });
  await ended;
  // A process that ends closes its files.
  await to.close();
  return isComplete;
}
