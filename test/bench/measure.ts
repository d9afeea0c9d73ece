/** A measurement of one contender: its median over the rounds, and the middle half of the rounds. */
export interface Row {
  part: string;
  /** What was measured. */
  what: string;
  /** The contender, for example `imcloud` or `stock Prism`. */
  who: string;
  unit: string;
  median: number;
  low: number;
  high: number;
  /** How often it was measured. */
  rounds: number;
}

/** A limit for a ratio of two measurements of the same run. */
export interface Budget {
  name: string;
  ratio: number;
  limit: number;
  /** Whether the ratio may be at most or has to be at least the limit. */
  is: "at most" | "at least";
  /** The ratio's range over the middle half of the rounds. Missing where nothing varies. */
  spread?: Spread;
}

export interface Spread {
  low: number;
  high: number;
}

export interface Part {
  rows: Row[];
  budgets: Budget[];
}

const quantile = (sorted: number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;

const sortedOf = (rounds: number[]) => rounds.toSorted((one, other) => one - other);

const spreadOf = (sorted: number[]): Spread => ({ low: quantile(sorted, 0.25), high: quantile(sorted, 0.75) });

/** One row for the results of several rounds. */
export function row(part: string, what: string, who: string, unit: string, rounds: number[]): Row {
  const sorted = sortedOf(rounds);
  return { part, what, who, unit, median: quantile(sorted, 0.5), ...spreadOf(sorted), rounds: rounds.length };
}

/** The ratio of one contender's results to another's, with its spread. */
export function ratioOf(one: number[], other: number[]): { ratio: number; spread: Spread } {
  const [sorted, others] = [sortedOf(one), sortedOf(other)];
  const [mine, theirs] = [spreadOf(sorted), spreadOf(others)];
  return {
    ratio: quantile(sorted, 0.5) / quantile(others, 0.5),
    spread: { low: mine.low / theirs.high, high: mine.high / theirs.low },
  };
}

/** Whether a budget's limit is outside of the spread. If it is inside, another run could decide otherwise. */
export const isSteady = ({ limit, spread }: Pick<Budget, "limit" | "spread">): boolean =>
  !spread || limit <= spread.low || limit >= spread.high;

/** How often a measurement is repeated at most while its budgets are not steady. */
const MAX_REPEATS = 3;

/**
 * Measures several contenders in turns, so that other load on the machine affects all alike.
 * @param budgetsOf the budgets of the results. While one of them is not steady, the rounds are repeated, up to twice.
 */
export async function byTurns<T>(
  names: string[],
  rounds: number,
  work: (name: string) => Promise<T>,
  budgetsOf: (found: Map<string, T[]>) => Budget[] = () => [],
): Promise<Map<string, T[]>> {
  const found = new Map<string, T[]>(names.map((name) => [name, []]));
  for (let round = 0; round < rounds * MAX_REPEATS; round++) {
    if (round > 0 && round % rounds === 0 && budgetsOf(found).every(isSteady)) break;
    // Each contender is first in turn, as the first of a round can have an advantage.
    const order = names.map((_, index) => names[(index + round) % names.length] as string);
    for (const name of order) found.get(name)?.push(await work(name));
  }
  return found;
}
