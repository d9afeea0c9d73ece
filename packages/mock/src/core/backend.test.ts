import { describe, expect, test } from "vitest";
import { Backend } from "./backend.ts";
import { seedFor } from "./seed/seeds.ts";
import type { Persistence } from "./store/persistence.ts";

/** Keeps nothing, as a disk without room. */
const full: Persistence = {
  tokens: { load: () => [], keep() {}, drop() {} },
  load: () => undefined,
  write: () => {
    throw new Error("The data file cannot be written.");
  },
  prepare: () => Promise.reject(new Error("The data file cannot be written.")),
};

describe("Backend.change", () => {
  test("lets reads go on where nothing can be kept any more, and refuses writes", async () => {
    const backend = new Backend({ seed: seedFor("small", 42), speed: 0, persistence: full });
    const read = () => backend.change(() => backend.store.subscriptions.get("700401"));
    await expect(backend.advance(5_000)).rejects.toThrow("cannot be written");
    const before = read();
    expect(before).toBeDefined();
    if (!before) return;
    const write = () => backend.change(() => backend.store.subscriptions.put({ ...before, attributes: { a: "b" } }));
    expect(write).toThrow("cannot be written");
    expect(read()).toEqual(before);
  });
});
