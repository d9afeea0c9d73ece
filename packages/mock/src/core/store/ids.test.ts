import { describe, expect, test } from "vitest";
import { uuidOf } from "./ids.ts";

describe("uuidOf", () => {
  test("gives the same UUID for the same words", () => {
    expect(uuidOf("tenant", "1002101")).toBe(uuidOf("tenant", "1002101"));
    expect(uuidOf("tenant", "1002101")).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  test("gives another one for each of 20,000 ids that are near each other", () => {
    const made = new Set<string>();
    for (let id = 700_000; id < 710_000; id++) {
      made.add(uuidOf("subscription", String(id), "500201"));
      made.add(uuidOf("subscription", String(id), "500202"));
    }
    expect(made.size).toBe(20_000);
  });

  test("gives other first digits too, of which ids in digits are made", () => {
    const first = Array.from({ length: 10_000 }, (_, id) => uuidOf("subscription", String(id), "5").slice(0, 13));
    expect(new Set(first).size).toBe(10_000);
  });
});
