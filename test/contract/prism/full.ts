import { parseArgs } from "node:util";
import { compare, documents } from "./differential.ts";

/** Compares `--count` exchanges, with a new seed each time unless `--seed` is given. Exits with 1 for an unexplained difference. */
const { values } = parseArgs({
  options: {
    count: { type: "string", default: "1000" },
    seed: { type: "string", default: String(Date.now() % 2 ** 31) },
  },
});
const [count, seed] = [Number(values.count), Number(values.seed)];
if (!Number.isInteger(count) || count < 1 || !Number.isInteger(seed)) {
  throw new TypeError("--count takes a whole number from 1, and --seed a whole number.");
}

console.log(`Seed ${seed}. Run it again with --seed ${seed} for the same messages.`);
let exchanges = 0;
for (const [name, document] of Object.entries(await documents())) {
  const report = await compare(document, { count, seed });
  exchanges += report.exchanges;
  console.log(
    `\n${name}: ${report.exchanges} requests and as many responses, ${report.valid} valid, ${report.invalid} not`,
  );
  console.table(report.explained);
  for (const line of report.unexplained) console.error(line);
  if (report.unexplained.length) process.exitCode = 1;
}
console.log(`\n${2 * exchanges} messages compared.`);
