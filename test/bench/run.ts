import { exitCodeOf, onEndSignal } from "../../scripts/signals.ts";
import type { Part } from "./measure.ts";
import { budgetTable, rowTable, type Verdict, verdictOf } from "./report.ts";
import { type About, isBusy, type Results, writeResults } from "./results.ts";

/** The parts to measure, by their names. */
export type Parts = Record<string, () => Promise<Part>>;

export interface RunOptions {
  about: About;
  /** The file for the results. It is written after each part, so that an end before the last loses none. */
  file: string;
  log: Console;
}

function printBudgets(results: Results, log: Console): void {
  if (!results.budgets.length) return;
  log.log("\nBudgets");
  log.table(budgetTable(results));
}

/** The parts that are in a state, as words. */
const partsIn = ({ parts }: Results, state: Results["parts"][number]["state"]) =>
  parts.filter((part) => part.state === state).map(({ name }) => name);

/** Says what there is when a signal ends the run, and ends it. What runs is ended with the process. */
function endOnSignals(results: Results, { file, log }: RunOptions): () => void {
  return onEndSignal((signal) => {
    printBudgets(results, log);
    const measured = partsIn(results, "measured");
    log.error(
      `Interrupted. ${measured.length ? `${file} has what was measured: ${measured.join(", ")}` : "Nothing was measured"}. ` +
        `Missing: ${partsIn(results, "missing").join(", ")}.`,
    );
    process.exit(exitCodeOf(signal));
  });
}

/** Milliseconds between two lines that say that a part is still measured: some take minutes. */
const SIGN_OF_LIFE = 60_000;

/** Measures parts one after the other, prints their rows and at the end all budgets. A part that fails does not end the others. */
export async function runParts(parts: Parts, options: RunOptions): Promise<Results> {
  const { about, file, log } = options;
  const results: Results = {
    ...{ date: new Date().toISOString(), ...about },
    parts: Object.keys(parts).map((name) => ({ name, state: "missing" })),
    ...{ rows: [], budgets: [] },
  };
  const stopListening = endOnSignals(results, options);
  for (const entry of results.parts) {
    const { name } = entry;
    log.log(`\n${name}`);
    const since = performance.now();
    const secondsSoFar = () => (performance.now() - since) / 1000;
    const timer = setInterval(() => log.log(`  ${secondsSoFar().toFixed(0)} s so far`), SIGN_OF_LIFE);
    try {
      const found = await parts[name]?.();
      results.rows.push(...(found?.rows ?? []).map((row) => ({ part: name, ...row })));
      results.budgets.push(...(found?.budgets ?? []).map((budget) => ({ part: name, ...budget })));
      log.table(rowTable(found?.rows ?? []));
      entry.state = "measured";
    } catch (error) {
      log.error((error as Error).stack);
      entry.state = "failed";
    } finally {
      clearInterval(timer);
    }
    entry.seconds = secondsSoFar();
    log.log(`${name} took ${entry.seconds.toFixed(0)} s.`);
    await writeResults(file, results);
  }
  stopListening();
  printBudgets(results, log);
  log.log(`Written to ${file}.`);
  return results;
}

/**
 * Ends a run with an error where it has one.
 * @param isChecked whether a budget that is not kept is one
 * @throws {@link Error} that names the parts that failed, or the budgets that are not kept
 */
export function judge(results: Results, isChecked: boolean, log: Console): void {
  const failed = partsIn(results, "failed");
  if (failed.length) throw new Error(`Not measured, as the errors above say: ${failed.join(", ")}.`);
  if (!isChecked) return;
  const named = (verdict: Verdict) =>
    results.budgets.filter((budget) => verdictOf(budget, isBusy(results)) === verdict).map(({ name }) => name);
  const [broken, unclear] = [named("NOT KEPT"), named("not clear")];
  if (unclear.length) {
    log.log(`Not clear, so that they have to be measured again on a quiet machine: ${unclear.join("; ")}.`);
  }
  if (broken.length) throw new Error(`Not kept: ${broken.join("; ")}.`);
}
