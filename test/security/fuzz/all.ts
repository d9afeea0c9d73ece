import { parseArgs } from "node:util";
import { fuzzClient } from "./fuzz-client.ts";
import { fuzzMock } from "./fuzz-mock.ts";
import type { FuzzResult } from "./run-fuzz.ts";

/** Fuzzes mock and client for `--minutes` each, with a new seed each time unless `--seed` is given. Exits with 1 on a failure. */
const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "30" },
    seed: { type: "string", default: String(Date.now() % 2 ** 31) },
  },
});
const [minutes, seed] = [Number(values.minutes), Number(values.seed)];
if (!(minutes > 0) || !Number.isInteger(seed))
  throw new TypeError("--minutes takes a number, and --seed a whole number.");

/** The limits of a process's growth in bytes, and of a try in milliseconds of CPU. */
const MAX_GROWTH = 600_000_000;
const MAX_BLOCK = 2_000;

for (const [name, fuzz] of Object.entries({ mock: fuzzMock, client: fuzzClient })) {
  const { calls, failures, longestBlock, growth }: FuzzResult = await fuzz({ milliseconds: minutes * 60_000, seed });
  const figures = `${calls} tries, up to ${Math.round(longestBlock)} ms of CPU each, ${Math.round(growth / 1e6)} MB more`;
  console.log(`${name}, seed ${seed}: ${figures}`);
  for (const failure of failures) console.error(failure);
  if (failures.length || longestBlock > MAX_BLOCK || growth > MAX_GROWTH) process.exitCode = 1;
}
