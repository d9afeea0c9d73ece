import { expect, test } from "vitest";
import { fuzzClient } from "./fuzz/fuzz-client.ts";
import { fuzzMock } from "./fuzz/fuzz-mock.ts";

/** A moment of what runs for an hour at night. */
const MILLISECONDS = 2_500;

test.each(Object.entries({ fuzzMock, fuzzClient }))(
  "%s finds nothing that gives way",
  async (_name, fuzz) => {
    const { calls, failures, longestBlock, growth } = await fuzz({ milliseconds: MILLISECONDS, seed: 7 });
    expect(failures).toEqual([]);
    expect(calls).toBeGreaterThan(20);
    expect(longestBlock).toBeLessThan(2_000);
    expect(growth).toBeLessThan(600_000_000);
  },
  30_000,
);
