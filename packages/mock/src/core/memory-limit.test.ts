import { describe, expect, test } from "vitest";
import { Backend } from "./backend.ts";
import { MemoryLimit } from "./memory-limit.ts";
import { seedFor } from "./seed/seeds.ts";

/** Two stores that share a limit of some kilobytes. */
function two(bytes: number) {
  const shared = { memory: new MemoryLimit(bytes) };
  const make = () => new Backend({ seed: seedFor("small", 42), speed: 0, shared });
  return [make(), make()] as const;
}

/** Writes a note of a given length to a subscription. */
function note(backend: Backend, id: string, length: number): void {
  const before = backend.store.subscriptions.get(id);
  if (!before) throw new Error(`no subscription ${id}`);
  backend.change(() => backend.store.subscriptions.put({ ...before, attributes: { note: "x".repeat(length) } }));
}
const lengthOf = (backend: Backend, id: string) =>
  String(backend.store.subscriptions.get(id)?.attributes?.note ?? "").length;

describe("MemoryLimit", () => {
  test("counts what is written in all stores together, and undoes a write beyond it", () => {
    const [one, other] = two(100_000);
    note(one, "700401", 60_000);
    expect(() => note(other, "700401", 60_000)).toThrow("takes no more");
    expect(lengthOf(other, "700401")).toBe(0);
    note(other, "700401", 20_000);
  });

  test("is freed by a shorter value, a reset, and the end of a store", async () => {
    const [one, other] = two(100_000);
    for (let at = 0; at < 20; at++) note(one, "700401", 60_000 + at);
    note(one, "700401", 10);
    note(other, "700401", 60_000);
    await other.reset();
    note(one, "700401", 60_000);
    one.drop();
    note(other, "700402", 60_000);
  });

  test("counts snapshots, until they are deleted", async () => {
    const [one, other] = two(100_000);
    note(one, "700401", 40_000);
    one.save("a");
    one.save("a");
    expect(() => one.save("b")).toThrow("takes no more");
    await one.restore("a");
    expect(lengthOf(one, "700401")).toBe(40_000);
    expect(() => note(other, "700401", 40_000)).toThrow("takes no more");
    one.deleteSnapshot("a");
    note(other, "700401", 40_000);
  });
});
