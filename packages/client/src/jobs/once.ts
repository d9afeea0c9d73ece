import type { RequestOptions } from "../calls/call.ts";
import { UnknownOutcomeError } from "../errors/errors.ts";
import { sleep } from "../pipeline/time.ts";

/** How to create a thing once. */
export interface OnceOptions extends RequestOptions {
  /**
   * Milliseconds to look for the thing after its answer was lost, before it counts as absent. 180,000 (three minutes) unless set:
   * the API is known to go on working after a proxy has given up.
   */
  settle?: number;
  /** Times that the thing is sent in all. 3 unless set. */
  attempts?: number;
}

const STANDARD_SETTLE = 180_000;
const STANDARD_ATTEMPTS = 3;
/** Milliseconds before the second look, which double up to the most between two. */
const FIRST_DELAY = 1_000;
const LONGEST_DELAY = 30_000;

type Find<T> = () => Promise<T | undefined>;

/** Looks for a thing until it appears; `undefined` when it is still absent after `settle` milliseconds. */
async function search<T>(find: Find<T>, settle: number, signal: AbortSignal | undefined): Promise<T | undefined> {
  const end = performance.now() + settle;
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
 * @throws UnknownOutcomeError when it cannot be found out, or was absent after the last attempt
 */
export async function once<T>(
  create: () => Promise<T>,
  findSince: (sentAt: Date) => Find<T>,
  { settle = STANDARD_SETTLE, attempts = STANDARD_ATTEMPTS, signal }: OnceOptions = {},
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
      const found = await search(find, settle, signal).catch((cause: unknown) => {
        if (signal?.aborted || !doubt) throw cause;
        // Not to know is no leave to send it again.
        const { operation, method, path, body, sentAt } = doubt;
        throw new UnknownOutcomeError({ operation, method, path, body, sentAt, cause });
      });
      if (found !== undefined) return found;
      if (!isDoubtful || attempt >= attempts) throw error;
    }
  }
}
