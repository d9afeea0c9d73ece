/** A measurement of one of those that are compared: its median over rounds, and the half of the rounds in the middle. */
export interface Row {
  part: string;
  /** What was done. */
  what: string;
  /** Who did it. */
  who: string;
  unit: string;
  median: number;
  low: number;
  high: number;
  /** How often it was measured. */
  rounds: number;
}

/** A ratio within one run that must not get worse than a limit. */
export interface Budget {
  name: string;
  ratio: number;
  limit: number;
  /** Whether the ratio may be at most or has to be at least the limit. */
  is: "at most" | "at least";
  /** From where to where the ratio goes with the half of the rounds in the middle; missing for what does not vary. */
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

/** What several rounds found, as one row. */
export function row(part: string, what: string, who: string, unit: string, rounds: number[]): Row {
  const sorted = sortedOf(rounds);
  return { part, what, who, unit, median: quantile(sorted, 0.5), ...spreadOf(sorted), rounds: rounds.length };
}

/** The ratio of what was measured of one to what was measured of another, with its spread. */
export function ratioOf(one: number[], other: number[]): { ratio: number; spread: Spread } {
  const [sorted, others] = [sortedOf(one), sortedOf(other)];
  const [mine, theirs] = [spreadOf(sorted), spreadOf(others)];
  return {
    ratio: quantile(sorted, 0.5) / quantile(others, 0.5),
    spread: { low: mine.low / theirs.high, high: mine.high / theirs.low },
  };
}

/** Whether a budget's limit is outside of the spread: if it is not, another run could say the opposite. */
export const isSteady = ({ limit, spread }: Pick<Budget, "limit" | "spread">): boolean =>
  !spread || limit <= spread.low || limit >= spread.high;

/** How often something is measured in all, where its rounds do not agree. */
const MAX_REPEATS = 3;

/**
 * Does something for each of several by turns, some rounds long, so that what the machine does meanwhile meets all.
 * @param budgetsOf the budgets of what was found: while one of them is not steady, as many rounds are added, up to twice
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
    // Each begins a round in turn, as the first of a round can have it easier.
    const order = names.map((_, index) => names[(index + round) % names.length] as string);
    for (const name of order) found.get(name)?.push(await work(name));
  }
  return found;
}
