import { expect, test } from "vitest";
import { pause, type Records } from "../records/records.ts";
import { Shelf } from "./entry.ts";
import { takeClaim } from "./take-claim.ts";

/** An engine in memory, which can be slow: then each caller gives up, and what it wrote is kept all the same. */
function slowEngine() {
  const kept = new Map<string, { value: string; version: number }>();
  const engine = { isSlow: false };
  const inTime = async () => {
    if (engine.isSlow) throw new Error("It did not respond.");
  };
  const records: Records = {
    migrate: async () => {},
    close: async () => {},
    async read(_, id) {
      await inTime();
      return { now: Date.now(), ...(kept.get(id) ?? { value: "", version: 0 }) };
    },
    async write(_, id, value, version) {
      if ((kept.get(id)?.version ?? 0) !== version) return false;
      if (value === undefined) kept.delete(id);
      else kept.set(id, { value, version: version + 1 });
      await inTime();
      return true;
    },
    async all() {
      return { values: [...kept.values()].map(({ value }) => value), now: Date.now() };
    },
  };
  return { engine, records };
}

test("removes what a slow engine kept after all, as nothing of it was sent", async () => {
  const { engine, records } = slowEngine();
  const shelf = new Shelf(records);
  const key = { account: "a", operation: "orders_create", scope: "1", text: "T-1" };
  const claim = await takeClaim(shelf, key, 30_000, undefined);
  const { write } = records;
  records.write = (...change) => {
    engine.isSlow = true;
    return write(...change);
  };
  await expect(claim.save({ body: {}, content: "{}", sentAt: "" })).rejects.toThrow("It did not respond.");
  records.write = write;
  await expect(claim.remove()).rejects.toThrow("It did not respond.");
  expect(await shelf.all()).toMatchObject([{ kept: { entry: { content: "{}" } } }]);
  engine.isSlow = false;
  while ((await shelf.all()).length > 0) await pause(20);
});
