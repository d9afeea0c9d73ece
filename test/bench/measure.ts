/** A measurement of one contender: its median over the rounds, and the middle half of the rounds. */
export interface Row {
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
  /** Whether it is counted, so that every run on the same code finds the same: a size or a number of calls. */
  isExact: boolean;
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
  /** Whether it holds times on a clock against a time, which other load on the machine lengthens. */
  isOnClock?: true;
  /** The contenders that it compares, which are measured again while it is not steady. Missing where nothing varies. */
  contenders?: readonly string[];
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
export function row(what: string, who: string, unit: string, rounds: number[]): Row {
  const sorted = sortedOf(rounds);
  const figures = { median: quantile(sorted, 0.5), ...spreadOf(sorted) };
  return { what, who, unit, ...figures, rounds: rounds.length, isExact: false };
}

/** A row for something counted, which needs no rounds. */
export const exactRow = (what: string, who: string, unit: string, value: number): Row => ({
  ...row(what, who, unit, [value]),
  isExact: true,
});

/**
 * The ratio of one contender's results to another's, with its spread. The two are compared round by round, as they ran by turns: what
 * made a round slow made both slow.
 * @param other the other's results, or a figure that does not vary
 */
export function ratioOf(one: number[], other: number[] | number): { ratio: number; spread: Spread } {
  // A contender that another budget compares too can have more rounds.
  const rounds = typeof other === "number" ? one.length : Math.min(one.length, other.length);
  const against = (round: number) => (typeof other === "number" ? other : (other[round] ?? Number.NaN));
  const sorted = sortedOf(one.slice(0, rounds).map((value, round) => value / against(round)));
  return { ratio: quantile(sorted, 0.5), spread: spreadOf(sorted) };
}

/** Whether a budget's limit is outside of the spread. If it is inside, another run could decide otherwise. */
export const isSteady = ({ limit, spread }: Pick<Budget, "limit" | "spread">): boolean =>
  !spread || limit <= spread.low || limit >= spread.high;

/** Whether a budget's ratio is within its limit. */
export const isKept = ({ ratio, limit, is }: Budget): boolean => (is === "at most" ? ratio <= limit : ratio >= limit);

/** How often a measurement is made at most while its budgets are not steady. */
const MAX_REPEATS = 3;

/**
 * Measures several contenders in turns, so that other load on the machine affects all alike.
 * @param budgetsOf the budgets of the results. While one of them is not steady, the rounds of its contenders are repeated, up to twice.
 */
export async function byTurns<T>(
  names: readonly string[],
  rounds: number,
  work: (name: string) => Promise<T>,
  budgetsOf: (found: Map<string, T[]>) => Budget[] = () => [],
): Promise<Map<string, T[]>> {
  const found = new Map<string, T[]>(names.map((name) => [name, []]));
  let due = names;
  for (let repeat = 0; repeat < MAX_REPEATS && due.length; repeat++) {
    for (let round = 0; round < rounds; round++) {
      // Each contender is first in turn, as the first of a round can have an advantage.
      const order = due.map((_, index) => due[(index + round) % due.length] as string);
      for (const name of order) found.get(name)?.push(await work(name));
    }
    const unsteady = budgetsOf(found).filter((budget) => !isSteady(budget));
    due = names.filter((name) => unsteady.some(({ contenders }) => contenders?.includes(name)));
  }
  return found;
}
