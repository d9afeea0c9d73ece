import { expect, test } from "vitest";
import { fuzzClient } from "./fuzz/fuzz-client.ts";
import { fuzzMock } from "./fuzz/fuzz-mock.ts";

/** A fixed number of the tries that run for an hour at night, so that a slow machine makes as many. */
const TRIES = 60;

test.each(Object.entries({ fuzzMock, fuzzClient }))(
  "%s finds no failure",
  async (_name, fuzz) => {
    const { calls, failures, longestBlock, growth } = await fuzz({ tries: TRIES, seed: 7 });
    expect(failures).toEqual([]);
    expect(calls).toBe(TRIES);
    expect(longestBlock).toBeLessThan(2_000);
    expect(growth).toBeLessThan(600_000_000);
  },
  120_000,
);
