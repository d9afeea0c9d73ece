import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Records } from "../records/records.ts";
import { SharedLimiter } from "./shared-limiter.ts";

const MINUTE = 60_000;
const call = { operation: "orders_get", method: "GET", path: "/orders/1" };

/** An engine in memory, which can lose all that it has. */
function engine() {
  const kept = new Map<string, { value: string; version: number }>();
  const records: Records = {
    migrate: async () => {},
    close: async () => {},
    all: async () => ({ values: [], now: Date.now() }),
    read: async (_collection, id) => ({ ...(kept.get(id) ?? { value: "", version: 0 }), now: Date.now() }),
    async write(_collection, id, value, version) {
      if ((kept.get(id)?.version ?? 0) !== version) return false;
      kept.set(id, { value: String(value), version: version + 1 });
      return true;
    },
  };
  return { records, lose: () => kept.clear() };
}

const limiterOf = (records: Records) =>
  new SharedLimiter({
    ...{ records, key: "production", perMinute: 4, perDay: 5_000, minute: MINUTE, queue: 100 },
    ...{ whenUnavailable: "fail", onUnavailable: () => {} },
  });

/** Makes some calls, each as soon as it may, and counts them. */
function make(limiter: SharedLimiter, count: number): { made: number } {
  const seen = { made: 0 };
  for (let each = 0; each < count; each++) {
    limiter.acquire({ call, priority: false, signal: undefined }).then(
      (permit) => {
        seen.made += 1;
        permit.complete({ status: 200, retryAfter: undefined });
      },
      () => {},
    );
  }
  return seen;
}

beforeEach(() => {
  vi.useFakeTimers({ now: Date.UTC(2026, 9, 5) });
});
afterEach(() => {
  vi.useRealTimers();
});

describe("SharedLimiter, when its engine loses what it knew", () => {
  test.each([
    ["a moment later", 100],
    ["after some quiet minutes", 5 * MINUTE],
  ])("sends nothing for a minute, %s", async (_when, pause) => {
    const { records, lose } = engine();
    const limiter = limiterOf(records);
    const before = make(limiter, 4);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(before.made).toBe(4);
    await vi.advanceTimersByTimeAsync(pause);
    lose();
    const after = make(limiter, 4);
    await vi.advanceTimersByTimeAsync(MINUTE - 1_000);
    expect(after.made).toBe(0);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(after.made).toBe(4);
    limiter.close();
  });

  test("sends nothing for a minute, also where another process has begun anew", async () => {
    const { records, lose } = engine();
    const [old, other] = [limiterOf(records), limiterOf(records)];
    make(old, 4);
    await vi.advanceTimersByTimeAsync(1_000);
    lose();
    const begun = make(other, 1);
    await vi.advanceTimersByTimeAsync(100);
    expect(begun.made).toBe(1);
    const after = make(old, 3);
    await vi.advanceTimersByTimeAsync(MINUTE - 2_000);
    expect(after.made).toBe(0);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(after.made).toBe(3);
    for (const limiter of [old, other]) limiter.close();
  });
});
