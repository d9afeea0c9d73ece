import { readFile } from "node:fs/promises";
import { parse } from "yaml";
import type { Difference, Kind } from "./compare.ts";

/** Differences that a decision explains. */
export interface AllowlistEntry {
  /** The decision's file name without extension. */
  decision: string;
  kind: Kind;
  /** Our value, if the decision explains only this one. */
  ours?: string;
  /** Their value, likewise. */
  theirs?: string;
  /** The places; `*` is a wildcard. */
  places: string[];
}

/** The allowlist in a YAML file. */
export const readAllowlist = async (file: string): Promise<AllowlistEntry[]> => parse(await readFile(file, "utf8"));

const literal = (text: string) => text.replace(/[\\^$.|?+()[\]{}]/g, "\\$&");

const patterns = new Map<string, RegExp>();

/** The expression of a place in which `*` stands for anything, made once: each is tried on each difference. */
function patternOf(place: string): RegExp {
  const pattern = patterns.get(place) ?? new RegExp(`^${place.split("*").map(literal).join(".*")}$`);
  patterns.set(place, pattern);
  return pattern;
}

/** Whether an entry matches a difference. */
export const explains = ({ kind, ours, theirs, places }: AllowlistEntry, difference: Difference): boolean =>
  kind === difference.kind &&
  (theirs === undefined || theirs === difference.theirs) &&
  (ours === undefined || ours === difference.ours) &&
  places.some((place) => patternOf(place).test(difference.place));

/** Adds the explaining decision to each difference that has none. */
export const withDecisions = (differences: Difference[], allowlist: AllowlistEntry[]): Difference[] =>
  differences.map((difference) => {
    if (difference.decision) return difference;
    const decision = allowlist.find((entry) => explains(entry, difference))?.decision;
    return decision ? { ...difference, decision } : difference;
  });
