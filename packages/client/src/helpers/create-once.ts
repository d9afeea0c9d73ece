import { UnknownOutcomeError } from "../core/errors.ts";
import type { RequestOptions } from "../core/request-options.ts";
import { sleep } from "../core/time.ts";

/** Options of `createOnce`. */
export interface CreateOnceOptions extends RequestOptions {
  /**
   * Milliseconds to look for the thing after its response was lost, before it counts as absent. The API is known to go on working
   * after a proxy has given up.
   * @defaultValue 180_000
   */
  settleTimeout?: number | undefined;
  /**
   * Times that the thing is sent in all.
   * @defaultValue 3
   */
  maxAttempts?: number | undefined;
}

const DEFAULT_SETTLE_TIMEOUT = 180_000;
const DEFAULT_MAX_ATTEMPTS = 3;
/** Milliseconds before the second look, which double up to the most between two. */
const FIRST_DELAY = 1_000;
const LONGEST_DELAY = 30_000;

type Find<T> = () => Promise<T | undefined>;

/** Looks for a thing until it appears; `undefined` when it is still absent after `settleTimeout` milliseconds. */
async function search<T>(
  find: Find<T>,
  settleTimeout: number,
  signal: AbortSignal | undefined,
): Promise<T | undefined> {
  const end = performance.now() + settleTimeout;
  for (let delay = FIRST_DELAY; ; delay = Math.min(delay * 2, LONGEST_DELAY)) {
    const isLast = performance.now() >= end;
    const found = await find();
    if (found !== undefined || isLast) return found;
    await sleep(Math.min(delay, Math.max(0, end - performance.now())), signal);
  }
}

/**
 * Creates a thing, and looks for it when it may have been created without our knowing. It is sent again only when it is absent.
 * @param findSince makes what looks for a thing that was sent at that time or later
 * @throws {@link UnknownOutcomeError} when it cannot be found out, or was absent after the last attempt
 */
export async function createOnce<T>(
  create: () => Promise<T>,
  findSince: (sentAt: Date) => Find<T>,
  { settleTimeout = DEFAULT_SETTLE_TIMEOUT, maxAttempts = DEFAULT_MAX_ATTEMPTS, signal }: CreateOnceOptions = {},
): Promise<T> {
  let doubt: UnknownOutcomeError | undefined;
  let find: Find<T> | undefined;
  for (let attempt = 1; ; attempt++) {
    try {
      return await create();
    } catch (error) {
      const isDoubtful = error instanceof UnknownOutcomeError;
      if (isDoubtful) doubt ??= error;
      if (!doubt) throw error;
      // From the first doubt on, as an earlier attempt may still appear; also after a refusal, which may be a conflict with it.
      find ??= findSince(doubt.sentAt);
      const found = await search(find, settleTimeout, signal).catch((cause: unknown) => {
        if (signal?.aborted || !doubt) throw cause;
        // Not to know is no leave to send it again.
        const { operation, method, path, body, sentAt } = doubt;
        throw new UnknownOutcomeError({ operation, method, path, body, sentAt, cause });
      });
      if (found !== undefined) return found;
      if (!isDoubtful || attempt >= maxAttempts) throw error;
    }
  }
}
