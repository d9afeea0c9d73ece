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

test("tells a client of a cluster which key a command is for, so that it goes to the node that has it", async () => {
  const sent: unknown[][] = [];
  const cluster = {
    getSlotMaster: () => undefined,
    sendCommand: async (...given: unknown[]) => {
      sent.push(given);
      return ["1", "0", ""];
    },
  };
  const records = redisRecords(cluster, "imcloud_");
  await records.migrate();
  await records.read("limits", "1");
  expect(sent).toEqual([
    [undefined, false, ["PING"]],
    ["imcloud_1:limits", false, ["EVAL", expect.any(String), "1", "imcloud_1:limits", "1"]],
  ]);
});
