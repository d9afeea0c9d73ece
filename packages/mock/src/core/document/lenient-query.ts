import type { Query } from "../messages/request.ts";

/** A query as the platform takes it. */
export interface LenientQuery {
  query: Query;
  /** What of it is ignored, in sentences. */
  problems: string[];
}

/**
 * Reads a query as leniently as the platform is known to: clients in the field ask for a `limit` of 0 and get rows. How many, nobody
 * has written down; here it counts as left out. So does a parameter without a value, which a form sends for a field that nobody filled.
 * @param known names of the parameters that the operation has
 */
export function readQueryLeniently(query: Query, known: ReadonlySet<string>): LenientQuery {
  const empty = Object.keys(query).filter((name) => [query[name]].flat().includes(""));
  if (query.limit !== "0" && !empty.length) return { query, problems: [] };
  const isMeant = (name: string, value: string) => value !== "" && !(name === "limit" && value === "0");
  const meant = Object.entries(query).flatMap(([name, written]) => {
    const values = [written].flat().filter((value) => isMeant(name, value));
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
