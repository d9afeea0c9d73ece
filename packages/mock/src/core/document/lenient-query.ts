import type { Query } from "../messages/request.ts";
import type { Operation } from "./router.ts";

/** A query, read as leniently as the platform does. */
export interface LenientQuery {
  query: Query;
  /** Sentences about ignored parts. */
  problems: string[];
}

/** A value that no validator accepts as a number. */
const NO_NUMBER = "NaN";

/**
 * Replaces integers that are not decimal digits by an invalid value. The platform accepts only digits, while `0x10`, `1e3` and `Infinity` are numbers in JavaScript,
 * and so for the validators.
 */
function withDigits(query: Query, integerNames: readonly string[]): Query {
  const isOther = (name: string) => typeof query[name] === "string" && !/^[+-]?\d*$/.test(query[name]);
  const others = integerNames.filter(isOther);
  if (!others.length) return query;
  return { ...query, ...Object.fromEntries(others.map((name) => [name, NO_NUMBER])) };
}

/**
 * Reads a query as leniently as the platform is known to: clients in the field send a `limit` of 0 and get rows. How many is not
 * documented, so it counts as left out here. So does a parameter without a value, which a form sends for an empty field.
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
