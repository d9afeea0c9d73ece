import { main } from "../../../scripts/log.ts";
import { optionsOf } from "../../../scripts/tasks.mjs";
import { compare, documents } from "./differential.ts";

/** @throws {@link TypeError} for a value that is no whole number */
function readOptions(): { count: number; seed: number } {
  const { count = "1000", seed = String(Date.now() % 2 ** 31) } = optionsOf("test:prism");
  const numbers = { count: Number(count), seed: Number(seed) };
  if (!Number.isInteger(numbers.count) || numbers.count < 1 || !Number.isInteger(numbers.seed)) {
    throw new TypeError("--count takes a whole number from 1, and --seed a whole number.");
  }
  return numbers;
}

/** Compares that many exchanges of each operation. Exits with 1 for an unexplained difference. */
main(async () => {
  const { count, seed } = readOptions();
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
});
