import { describe, expect, test } from "vitest";
import { NamedStores } from "./named-stores.ts";

/** Stores that are their own names, with a clock to move. */
function stores() {
  const dropped: string[] = [];
  const idle: string[] = [];
  const clock = { now: 0 };
  let fails = false;
  const named = new NamedStores<string>({
    main: "main",
    make: async (name) => {
      if (fails) throw new Error("no room");
      return name;
    },
    drop: (name) => void dropped.push(name),
    onIdle: (name) => void idle.push(name),
    now: () => clock.now,
  });
  return { named, dropped, idle, clock, fail: (does: boolean) => (fails = does) };
}

describe("NamedStores.of", () => {
  test("has 256 at a time that are all in use, and refuses more with a clear message", async () => {
    const { named, dropped, clock } = stores();
    for (let at = 0; at < 256; at++) await named.of(`s${at}`);
    clock.now = 59_000;
    expect(() => named.of("one-more")).toThrow(
      "There are 256 stores, and each was called in the last 60 seconds; drop one with DELETE /w/<name>, or use fewer",
    );
    named.delete("s7");
    expect(await named.of("one-more")).toBe("one-more");
    expect(await named.of(undefined)).toBe("main");
    await Promise.resolve();
    expect(dropped).toEqual(["s7"]);
  });

  test("lets the one that nobody has called for the longest give way, as a run that names one for each test needs", async () => {
    const { named, dropped, idle, clock } = stores();
    for (let at = 0; at < 2_000; at++) {
      await named.of(`s${at}`);
      await named.of("kept");
      clock.now += 500;
    }
    expect(named.has("kept")).toBe(true);
    expect(named.has("s1999")).toBe(true);
    expect(named.has("s1000")).toBe(false);
    expect(idle).toHaveLength(2_001 - 256);
    await Promise.resolve();
    expect(dropped).toEqual(idle);
  });

  test("makes anew what could not be made", async () => {
    const { named, fail } = stores();
    fail(true);
    await expect(named.of("a")).rejects.toThrow("no room");
    fail(false);
    expect(await named.of("a")).toBe("a");
  });

  test.each(["", " ", "a/b", "a".repeat(65), "é", "../x"])("refuses %j as a name", (name) => {
    expect(() => stores().named.of(name)).toThrow("The name of a store has up to 64 letters");
  });
});
