import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { beforeAll, describe, expect, test } from "vitest";
import { isNightly } from "../support/nightly.ts";

const program = fileURLToPath(new URL("./programs/long-steps.mjs", import.meta.url));

/** Days that pass in one call. */
const DAYS = isNightly ? 200 : 60;

/** Milliseconds of CPU that one step may block other requests. As a single step, each job of a large store would take seconds. */
const LONGEST = 120;

/** Steps that a job takes at least. A fast machine does a medium one in a few slices of time. */
const FEWEST = isNightly ? 5 : 2;

interface File {
  steps: number[];
  length: number;
  again: number;
  headBefore: string | null;
  headAfter: string | null;
  againCpu: number;
}

let found: {
  csv: File;
  xlsx: File;
  advance: { steps: number[]; between: number; moved: number };
  setBack: { restore: number[]; firstReset: number[]; time: string };
};
beforeAll(async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [
    program,
    ...(isNightly ? ["large", String(DAYS), "2026-01-01"] : ["medium", String(DAYS), "2026-06-01"]),
  ]);
  found = JSON.parse(stdout);
}, 300_000);

describe.each(["csv", "xlsx"] as const)("report files as %s", (format) => {
  test("are made in short steps, and other requests are served in between", () => {
    expect(found[format].steps[0]).toBeLessThan(LONGEST);
    expect(found[format].steps.length).toBeGreaterThanOrEqual(FEWEST);
  });

  test("are made once, and not for HEAD", () => {
    const { length, again, headBefore, headAfter, againCpu } = found[format];
    expect([again, headBefore, headAfter]).toEqual([length, null, String(length)]);
    expect(againCpu).toBeLessThan(LONGEST);
  });
});

describe("advance", () => {
  test("moves by months in short steps, and other requests see the clock in between", () => {
    const { steps, between, moved } = found.advance;
    expect(steps[0]).toBeLessThan(LONGEST);
    expect(between).toBeGreaterThan(0);
    expect(moved).toBe(DAYS * 86_400_000);
  });
});

describe("restore and the first reset of a mock that keeps its data", () => {
  test("write the data in short steps", () => {
    const { restore, firstReset, time } = found.setBack;
    for (const steps of [restore, firstReset]) {
      expect(steps[0]).toBeLessThan(LONGEST);
      expect(steps.length).toBeGreaterThanOrEqual(FEWEST);
    }
    expect(time).toBe("2026-12-01T00:00:00.000Z");
  });
});
