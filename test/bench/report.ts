import { type Budget, isKept, isSteady, type Row } from "./measure.ts";
import { type Change, type Comparison, isBusy, keyOf, type Results } from "./results.ts";

const figure = (value: number) =>
  Math.abs(value) >= 1000 ? Math.round(value).toLocaleString("en") : value.toPrecision(3);

const rangeOf = ({ low, high }: { low: number; high: number }) => `${figure(low)} to ${figure(high)}`;

/** How steady a row is. */
export function spreadOf({ median, low, high, rounds, isExact }: Row): string {
  if (isExact) return "exact";
  if (rounds < 2) return "unknown, as measured once";
  return `${rangeOf({ low, high })} (${Math.round(((high - low) / median) * 100)} %)`;
}

export type Verdict = "kept" | "NOT KEPT" | "not clear";

/**
 * What a budget comes to. Where its spread has the limit in it, another run could say the opposite; and where a busy machine took too
 * long, so could a quiet one.
 */
export function verdictOf(budget: Budget, isMachineBusy: boolean): Verdict {
  if (!isSteady(budget)) return "not clear";
  if (isKept(budget)) return "kept";
  return budget.isOnClock && isMachineBusy ? "not clear" : "NOT KEPT";
}

/** Rows as a table. */
export const rowTable = (rows: readonly Row[]) =>
  rows.map((each) => ({
    ...{ what: each.what, who: each.who, median: `${figure(each.median)} ${each.unit}`.trim() },
    ...{ rounds: each.rounds, spread: spreadOf(each) },
  }));

/** Budgets as a table. */
export const budgetTable = ({ budgets, ...about }: Results) =>
  budgets.map((budget) => ({
    ...{ name: budget.name, ratio: figure(budget.ratio), is: budget.is, limit: budget.limit },
    ...{ spread: budget.spread ? rangeOf(budget.spread) : "exact", verdict: verdictOf(budget, isBusy(about)) },
  }));

/** Rows that changed as a table. */
const changeTable = (changes: readonly Change[]) =>
  changes.map(({ before, now }) => ({
    ...{ part: now.part, what: now.what, who: now.who, before: figure(before.median) },
    ...{ now: `${figure(now.median)} ${now.unit}`.trim(), "now / before": figure(now.median / before.median) },
    ...{ "spread before": spreadOf(before), "spread now": spreadOf(now) },
  }));

/** Prints what differs between two runs. */
export function printComparison({ changes, compared, gone, added, differences }: Comparison, log: Console): void {
  for (const difference of differences) log.log(difference);
  if (changes.length) log.table(changeTable(changes));
  log.log(`${changes.length} of ${compared} rows differ by more than their spreads.`);
  if (gone.length) log.log(`Only in the earlier results: ${gone.map(keyOf).join("; ")}.`);
  if (added.length) log.log(`Only in these results: ${added.map(keyOf).join("; ")}.`);
}
