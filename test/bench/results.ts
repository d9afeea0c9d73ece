import { readFile, rename, writeFile } from "node:fs/promises";
import type { Budget, Row } from "./measure.ts";

/** A row, and the part of the bench that measured it. */
export interface PartRow extends Row {
  part: string;
}

/** What a run was made of, for whoever compares it with another. */
export interface About {
  /** The commit, with `+` after it where files were changed. Missing outside of git. */
  commit?: string;
  machine: string;
  cores: number;
  /** How many processes wanted a core at once in the minute before the run. 0 on Windows, which does not say. */
  load: number;
  node: string;
  /** The versions of what is compared with. */
  versions: Record<string, string>;
}

/** Whether the machine did other things before a run, so that times on a clock say little. */
export const isBusy = ({ load, cores }: Pick<About, "load" | "cores">): boolean => load > cores;

/** The results of a run, as they are written to a file. */
export interface Results extends About {
  /** When it began: an ISO date and time. */
  date: string;
  /** The parts that were to be measured, in their order, and what came of each. */
  parts: { name: string; state: "measured" | "failed" | "missing"; seconds?: number }[];
  rows: PartRow[];
  budgets: (Budget & { part: string })[];
}

/** Writes results, so that a file is there whole or not at all. */
export async function writeResults(file: string, results: Results): Promise<void> {
  await writeFile(`${file}.part`, `${JSON.stringify(results, null, 2)}\n`);
  await rename(`${file}.part`, file);
}

/**
 * Reads the results of an earlier run.
 * @throws {@link Error} when there are none in the file
 */
export async function readResults(file: string): Promise<Results> {
  const text = await readFile(file, "utf8").catch(({ code }: NodeJS.ErrnoException) => {
    throw new Error(`${file} cannot be read (${code}): name the results.json of an earlier run.`);
  });
  try {
    const results = JSON.parse(text) as Results;
    if (results.rows.every(({ part, isExact }) => part && isExact !== undefined)) return results;
  } catch {
    // It is something else, as below.
  }
  throw new Error(`${file} has no results of this bench: name the results.json of an earlier run.`);
}

/** A row of two runs that differs by more than its spreads. */
export interface Change {
  before: PartRow;
  now: PartRow;
}

export interface Comparison {
  /** How many rows both runs have. */
  compared: number;
  changes: Change[];
  gone: PartRow[];
  added: PartRow[];
  /** Sentences about what else differs between the runs, and can be the reason. */
  differences: string[];
}

/** What tells a row from all others. */
export const keyOf = ({ part, what, who }: PartRow): string => `${part}, ${what}, ${who}`;

/** Whether a difference is more than chance: the middle halves of the rounds have nothing in common. One round says nothing. */
function isChanged({ before, now }: Change): boolean {
  if (now.isExact) return now.median !== before.median;
  return now.rounds > 1 && before.rounds > 1 && (now.low > before.high || now.high < before.low);
}

/** Compares the results of two runs, row by row. */
export function compare(before: Results, now: Results): Comparison {
  const earlier = new Map(before.rows.map((each) => [keyOf(each), each]));
  const here = new Set(now.rows.map(keyOf));
  const measured = new Set(now.parts.filter(({ state }) => state === "measured").map(({ name }) => name));
  const pairs = now.rows.flatMap((each): Change[] => {
    const other = earlier.get(keyOf(each));
    return other ? [{ before: other, now: each }] : [];
  });
  return {
    compared: pairs.length,
    changes: pairs.filter(isChanged),
    // A run of some parts says nothing about the others.
    gone: before.rows.filter((each) => measured.has(each.part) && !here.has(keyOf(each))),
    added: now.rows.filter((each) => !earlier.has(keyOf(each))),
    differences: [
      ...(["machine", "node"] as const)
        .filter((name) => before[name] !== now[name])
        .map((name) => `The earlier run was on another ${name} (${before[name]}), so that times say little.`),
      ...Object.entries(now.versions)
        .filter(([name, version]) => before.versions[name] !== version)
        .map(([name, version]) => `${name} was ${before.versions[name] ?? "not there"}, and is ${version}.`),
    ],
  };
}
