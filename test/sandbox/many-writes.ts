import { parseArgs } from "node:util";
import { writeAndRead } from "./write-and-read.ts";

/** Makes `--count` random writes, with a new seed each time unless `--seed` is given. Exits with 1 when a read fails. */
const { values } = parseArgs({
  options: {
    count: { type: "string", default: "10000" },
    seed: { type: "string", default: String(Date.now() % 2 ** 31) },
  },
});
const [count, seed] = [Number(values.count), Number(values.seed)];
if (!Number.isInteger(count) || count < 1 || !Number.isInteger(seed)) {
  throw new TypeError("--count takes a whole number from 1, and --seed a whole number.");
}

console.log(`Seed ${seed}. Run it again with --seed ${seed} for the same writes.`);
const { byStatus, failedReads, failedWrites } = await writeAndRead({ count, seed });
console.table(byStatus);
for (const line of [...failedReads, ...failedWrites].slice(0, 20)) console.error(line);
if (failedReads.length || failedWrites.length) process.exitCode = 1;
