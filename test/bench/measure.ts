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
}

/** A ratio within one run that must not get worse than a limit. */
export interface Budget {
  name: string;
  ratio: number;
  limit: number;
  /** Whether the ratio may be at most or has to be at least the limit. */
  is: "at most" | "at least";
}

export interface Part {
  rows: Row[];
  budgets: Budget[];
}

const quantile = (sorted: number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;

/** What several rounds found, as one row. */
export function row(part: string, what: string, who: string, unit: string, rounds: number[]): Row {
  const sorted = rounds.toSorted((one, other) => one - other);
  return {
    part,
    what,
    who,
    unit,
    median: quantile(sorted, 0.5),
    low: quantile(sorted, 0.25),
    high: quantile(sorted, 0.75),
  };
}

/** The median that a row has. */
export function medianOf(rows: Row[], what: string, who: string): number {
  const found = rows.find((one) => one.what === what && one.who === who);
  if (!found) throw new Error(`Nothing was measured of ${who} for ${what}.`);
  return found.median;
}

/** Does something for each of several by turns, some rounds long, so that what the machine does meanwhile meets all. */
export async function byTurns<T>(
  names: string[],
  rounds: number,
  work: (name: string) => Promise<T>,
): Promise<Map<string, T[]>> {
  const found = new Map<string, T[]>(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    // Each begins a round in turn, as the first of a round can have it easier.
    const order = names.map((_, index) => names[(index + round) % names.length] as string);
    for (const name of order) found.get(name)?.push(await work(name));
  }
  return found;
}
