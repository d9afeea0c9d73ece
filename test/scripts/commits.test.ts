import { expect, test } from "vitest";
import { cpuIn } from "../bench/commits.ts";

test("npm run bench:commits reads the CPU time of all children from what a shell's times says", () => {
  expect(cpuIn("Ready\n0m0.002s 0m0.000s\n1m3.889s 0m2.328s\n")).toBeCloseTo(66.217);
});
