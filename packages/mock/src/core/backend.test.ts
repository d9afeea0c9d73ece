import { describe, expect, test } from "vitest";
import { Backend } from "./backend.ts";
import { seedFor } from "./seed/seeds.ts";
import type { Persistence } from "./store/persistence.ts";
import { TimeSlices } from "./time-slices.ts";

/** A persistence that always fails, like a full disk. */
const full: Persistence = {
  tokens: { load: () => [], keep() {}, drop() {} },
  linkKey: new Uint8Array(32),
  savedTime: 0,
  load: () => undefined,
  write: () => {
    throw new Error("The data file cannot be written.");
  },
  prepare: () => Promise.reject(new Error("The data file cannot be written.")),
};

const CENTURY = 100 * 365 * 86_400_000;

describe("Backend.catchUp", () => {
  /**
   * A backend whose clock has advanced far without a call. Each of the some 1,800 events counts as so many milliseconds: by real time, a
   * fast machine has nothing to divide.
   */
  function behind({ speed = 0, ofEvent = 0.5 }: { speed?: number; ofEvent?: number } = {}) {
    let events = 0;
    const divide = () => new TimeSlices(() => events++ * ofEvent);
    const backend = new Backend({ seed: seedFor("small", 42), speed, divide });
    const start = backend.clock.now();
    backend.clock.advance(CENTURY);
    return { backend, start };
  }

  test("yields to other work when the clock has advanced far", async () => {
    const { backend, start } = behind();
    const seen: number[] = [];
    const timer = setInterval(() => seen.push(backend.store.time), 0);
    await backend.catchUp();
    clearInterval(timer);
    expect(seen.length).toBeGreaterThan(0);
    expect(seen[0]).toBeLessThan(start + CENTURY);
    await expect.poll(() => backend.store.time).toBe(start + CENTURY);
  });

  test("drops events of before a reset", async () => {
    const { backend, start } = behind();
    const done = backend.catchUp();
    await backend.reset();
    await done;
    expect(backend.store.time).toBe(start);
  });

  test("works once for all who ask meanwhile", async () => {
    const { backend } = behind();
    const done = backend.catchUp();
    expect(done).toBeDefined();
    expect(backend.catchUp()).toBe(done);
    await done;
    expect(backend.catchUp()).toBeUndefined();
  });

  test.each(["catchUp", "advance"] as const)(
    "stops a fast clock meanwhile, which comes to no end otherwise (%s)",
    async (way) => {
      const { backend } = behind({ speed: 1e9 });
      const done = way === "catchUp" ? backend.catchUp() : backend.advance(CENTURY);
      const held = backend.clock.now();
      const from = performance.now();
      while (performance.now() - from < 2);
      expect(backend.clock.now()).toBe(held);
      await done;
      expect(backend.store.time).toBeGreaterThanOrEqual(held);
      expect(backend.clock.now()).toBeGreaterThan(held);
    },
  );

  test("keeps calls waiting for no longer than a second", async () => {
    const { backend, start } = behind({ ofEvent: 1 });
    await backend.catchUp();
    expect(backend.store.time).toBeGreaterThan(start);
    expect(backend.store.time).toBeLessThan(start + CENTURY);
    expect(backend.catchUp()).toBeUndefined();
    backend.delays.end();
  });
});

describe("Backend's clock", () => {
  test("ends with the year 8999", async () => {
    const backend = new Backend({ seed: seedFor("small", 42), speed: 1e9 });
    backend.clock.set(Date.parse("8999-12-31T00:00:00Z"));
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(new Date(backend.clock.now()).toISOString()).toBe("8999-12-31T23:59:59.999Z");
  });
});

describe("Backend.change", () => {
  test("allows reads and refuses writes when nothing can be saved", async () => {
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
