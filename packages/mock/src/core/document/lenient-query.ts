import type { Query } from "../messages/request.ts";
import type { Operation } from "./router.ts";

/** A query as the platform takes it. */
export interface LenientQuery {
  query: Query;
  /** What of it is ignored, in sentences. */
  problems: string[];
}

/** What no validator takes for a number. */
const NO_NUMBER = "NaN";

/**
 * A query whose whole numbers are decimal digits: the platform reads no others, while `0x10`, `1e3` and `Infinity` are numbers to JavaScript,
 * and so to the validators.
 */
function withDigits(query: Query, integerNames: readonly string[]): Query {
  const isOther = (name: string) => typeof query[name] === "string" && !/^[+-]?\d*$/.test(query[name]);
  const others = integerNames.filter(isOther);
  if (!others.length) return query;
  return { ...query, ...Object.fromEntries(others.map((name) => [name, NO_NUMBER])) };
}

/**
 * Reads a query as leniently as the platform is known to: clients in the field ask for a `limit` of 0 and get rows. How many, nobody
 * has written down; here it counts as left out. So does a parameter without a value, which a form sends for a field that nobody filled.
 */
export function readQueryLeniently(
  written: Query,
  { queryNames: known, integerNames }: Pick<Operation, "queryNames" | "integerNames">,
): LenientQuery {
  const query = withDigits(written, integerNames);
  const empty = Object.keys(query).filter((name) => [query[name]].flat().includes(""));
  if (query.limit !== "0" && !empty.length) return { query, problems: [] };
  const isMeant = (name: string, value: string) => value !== "" && !(name === "limit" && value === "0");
  const meant = Object.entries(query).flatMap(([name, given]) => {
    const values = [given].flat().filter((value) => isMeant(name, value));
    return values.length ? [[name, values.length > 1 ? values : values[0]] as const] : [];
  });
  return {
    query: Object.fromEntries(meant) as Query,
    problems: [
      ...(query.limit === "0" ? [`limit "0" is below the least, 1, and ignored`] : []),
      ...empty.filter((name) => known.has(name)).map((name) => `query parameter "${name}" is empty and ignored`),
    ],
  };
}
