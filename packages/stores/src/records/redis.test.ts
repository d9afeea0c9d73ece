import { expect, test, vi } from "vitest";
import { redisRecords } from "./redis.ts";

test("does not wait for longer than ten seconds for a client that keeps its commands back", async () => {
  vi.useFakeTimers();
  try {
    const records = redisRecords({ call: () => new Promise(() => {}) }, "imcloud_");
    const failed = expect(records.read("limits", "1")).rejects.toThrow(
      "Redis did not do what the store asked for. It did not respond within 10000 ms: check that it runs, and the way to it.",
    );
    await vi.advanceTimersByTimeAsync(10_000);
    await failed;
  } finally {
    vi.useRealTimers();
  }
});
