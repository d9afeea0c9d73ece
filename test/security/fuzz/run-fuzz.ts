import { cpuTime } from "../../support/cpu-time.ts";
import type { Random } from "../../support/random.ts";

/** The limits and the seed of a fuzz run. */
export interface FuzzOptions {
  /** @defaultValue no limit of time */
  milliseconds?: number;
  /** @defaultValue no limit of tries */
  tries?: number;
  seed: number;
}

/** The result of a fuzz run. */
export interface FuzzResult {
  calls: number;
  /** The first failures. */
  failures: string[];
  /** Milliseconds of CPU of the most expensive try, which may have blocked the event loop as long. */
  longestBlock: number;
  /** Bytes by which the process grew after its first calls. */
  growth: number;
}

/** A random integer from 0 to below a limit. */
export const below = (pick: Random, limit: number): number => pick.integer(0, Math.max(0, limit - 1));

/** Milliseconds for a single try. */
const TRY_TIMEOUT = 60_000;
const MAX_FAILURES = 20;
/** Tries before the base of the growth is measured. */
const WARM_UP_TRIES = 50;

/**
 * Repeats an attempt until a limit is reached, and measures memory and CPU time.
 * @param attempt returns a failure, if there is one
 */
export async function runFuzz(
  { milliseconds = Number.POSITIVE_INFINITY, tries = Number.POSITIVE_INFINITY, seed }: FuzzOptions,
  attempt: (count: number) => Promise<string | undefined>,
): Promise<FuzzResult> {
  const failures: string[] = [];
  const end = performance.now() + milliseconds;
  let calls = 0;
  let base = 0;
  let largest = 0;
  let longestBlock = 0;
  for (; calls < tries && performance.now() < end && failures.length < MAX_FAILURES; calls++) {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<string>((resolve) => {
      timer = setTimeout(() => resolve(`did not end in ${TRY_TIMEOUT} ms`), TRY_TIMEOUT);
    });
    const before = cpuTime();
    const failure = await Promise.race([attempt(calls), late]);
    longestBlock = Math.max(longestBlock, cpuTime() - before);
    clearTimeout(timer);
    if (failure) failures.push(`seed ${seed}, try ${calls}: ${failure}`);
    const { rss } = process.memoryUsage();
    if (calls === WARM_UP_TRIES) base = rss;
    largest = Math.max(largest, rss);
  }
  return { calls, failures, longestBlock, growth: calls > WARM_UP_TRIES ? largest - base : 0 };
}
