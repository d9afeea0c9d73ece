import type { Query } from "../messages/request.ts";

/** A query as the platform takes it. */
export interface LenientQuery {
  query: Query;
  /** What of it is ignored, in sentences. */
  problems: string[];
}

/**
 * Reads a query as leniently as the platform is known to: clients in the field ask for a `limit` of 0 and get rows. How many, nobody
 * has written down; here it counts as left out.
 */
export function readQueryLeniently(query: Query): LenientQuery {
  if (query.limit !== "0") return { query, problems: [] };
  const { limit: _, ...rest } = query;
  return { query: rest, problems: [`limit "0" is below the least, 1, and ignored`] };
}
