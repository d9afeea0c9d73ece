import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Records } from "../records/records.ts";
import { SharedLimiter } from "./shared-limiter.ts";

// A simulation: the limiters are real, and so are their rules; the engine is in memory, and the clock is the test's.

const MINUTE = 60_000;
const PER_MINUTE = 60;

const sleep = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

/** An engine that takes some milliseconds for each statement, and lets the first of two changes win. */
function engine(): Records {
  const kept = new Map<string, { value: string; version: number }>();
  let statements = 0;
  const way = () => sleep(2 + ((statements++ * 7) % 9));
  return {
    migrate: async () => {},
    close: async () => {},
    all: async () => ({ values: [], now: Date.now() }),
    async read(_collection, id) {
      await way();
      return { ...(kept.get(id) ?? { value: "", version: 0 }), now: Date.now() };
    },
    async write(_collection, id, value, version) {
      await way();
      if ((kept.get(id)?.version ?? 0) !== version) return false;
      kept.set(id, { value: String(value), version: version + 1 });
      return true;
    },
  };
}

/** A gateway that counts the calls of a key in a sliding minute. */
function gateway() {
  const passed: number[] = [];
  const seen = { calls: 0, refused: 0 };
  return {
    seen,
    async call(length: number) {
      await sleep(length / 2);
      while (Number(passed[0]) <= Date.now() - MINUTE) passed.shift();
      const isRefused = passed.length >= PER_MINUTE;
      passed.push(Date.now());
      seen.calls += 1;
      if (isRefused) seen.refused += 1;
      await sleep(length / 2);
      return isRefused ? 429 : 200;
    },
  };
}

const call = { operation: "orders_get", method: "GET", path: "/orders/1" };

/** The calls of a worker at a time. With fewer than its share of a minute, none waits where places come at once, and the quickest get them. */
const LOOPS = 12;

/** Workers of a key that always have calls waiting for some minutes, and how many each had. */
function work(names: { records: Records; key: string }, workers: number, minutes: number) {
  const api = gateway();
  const end = Date.now() + minutes * MINUTE;
  const limiters = Array.from(
    { length: workers },
    () =>
      new SharedLimiter({
        ...names,
        ...{ perMinute: PER_MINUTE, perDay: 5_000, minute: MINUTE, queue: 100 },
        ...{ whenUnavailable: "fail", onUnavailable: () => {} },
      }),
  );
  const done = limiters.map(() => 0);
  const loop = async (limiter: SharedLimiter, at: number) => {
    // They do not begin at the same moment.
    await sleep(37 * at);
    for (;;) {
      const permit = await limiter.acquire({ call, priority: false, signal: undefined });
      const status = await api.call(100 + ((at * 53) % 400));
      permit.complete({ status, retryAfter: undefined });
      if (Date.now() < end) done[at] = Number(done[at]) + 1;
    }
  };
  for (const [at, limiter] of limiters.entries()) {
    for (let each = 0; each < LOOPS; each++) loop(limiter, at).catch(() => {});
  }
  return {
    end() {
      for (const limiter of limiters) limiter.close();
      return { ...api.seen, done };
    },
  };
}

beforeEach(() => {
  vi.useFakeTimers({ now: Date.UTC(2026, 9, 5) });
});
afterEach(() => {
  vi.useRealTimers();
});

/** How far the one who is furthest from the mean is from it, as a share of the mean. */
function unfairness(done: number[]): number {
  const mean = done.reduce((sum, each) => sum + each, 0) / done.length;
  return Math.max(...done.map((each) => Math.abs(each - mean))) / mean;
}

const MINUTES = 10;

describe("SharedLimiter, in simulated time", () => {
  test("shares fairly between eight workers, whoever was first", async () => {
    const worked = work({ records: engine(), key: "one" }, 8, MINUTES);
    await vi.advanceTimersByTimeAsync(MINUTES * MINUTE);
    const { refused, calls, done } = worked.end();
    expect(refused).toBe(0);
    expect(calls).toBeGreaterThan(0.95 * MINUTES * PER_MINUTE);
    expect(unfairness(done)).toBeLessThanOrEqual(0.1);
  });

  test("shares ten keys of one engine between a hundred workers", async ({ skip }) => {
    skip(process.env.NIGHTLY !== "1", "tried at night");
    const records = engine();
    const all = Array.from({ length: 10 }, (_, key) => work({ records, key: String(key) }, 10, MINUTES));
    await vi.advanceTimersByTimeAsync(MINUTES * MINUTE);
    for (const { refused, calls, done } of all.map((each) => each.end())) {
      expect(refused).toBe(0);
      expect(calls).toBeGreaterThan(0.95 * MINUTES * PER_MINUTE);
      expect(unfairness(done)).toBeLessThanOrEqual(0.1);
    }
  });
});
