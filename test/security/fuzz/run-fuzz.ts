import { cpuTime } from "../../support/cpu-time.ts";
import type { Random } from "../../support/random.ts";

/** How long or how often, and with what to try. */
export interface FuzzOptions {
  /** @defaultValue no end but that of the tries */
  milliseconds?: number;
  /** @defaultValue no end but that of the time */
  tries?: number;
  seed: number;
}

/** What was tried, and what came of it. */
export interface FuzzResult {
  calls: number;
  /** What went wrong, in sentences: the first ones. */
  failures: string[];
  /** Milliseconds of CPU of the most costly try, in which nothing else could run at the worst. Other processes do not count. */
  longestBlock: number;
  /** Bytes by which the process grew beyond what it had after its first calls. */
  growth: number;
}

/** A whole number from 0 on, below a limit. */
export const below = (pick: Random, limit: number): number => pick.integer(0, Math.max(0, limit - 1));

/** Milliseconds for a single try. */
const PATIENCE = 60_000;
const MAX_FAILURES = 20;
/** Tries after which the process has all that it needs. */
const WARM = 50;

/**
 * Tries again and again until the time is over, and watches memory and event loop.
 * @param attempt gives what went wrong, if anything did
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
      timer = setTimeout(() => resolve(`did not end in ${PATIENCE} ms`), PATIENCE);
    });
    const before = cpuTime();
    const failure = await Promise.race([attempt(calls), late]);
    longestBlock = Math.max(longestBlock, cpuTime() - before);
    clearTimeout(timer);
    if (failure) failures.push(`seed ${seed}, try ${calls}: ${failure}`);
    const { rss } = process.memoryUsage();
    if (calls === WARM) base = rss;
    largest = Math.max(largest, rss);
  }
  return { calls, failures, longestBlock, growth: calls > WARM ? largest - base : 0 };
}
