import type { World } from "../world/world.ts";
import type { ReportLinks } from "./report-links.ts";

/** A call of an operation, checked against the document already. */
export interface Call {
  /** The value of the path's one parameter; empty where it has none. */
  id: string;
  query: Readonly<Record<string, string | string[]>>;
  body: unknown;
  world: World;
  links: ReportLinks;
  /** An order that is placed is to end in error. */
  isDoomed: boolean;
}

/** Answers an operation with the body of its success. Throws a Refusal. */
export type Handler = (call: Call) => unknown;

/** The one value of a query parameter; the first of several. */
export function queried({ query }: Call, name: string): string | undefined {
  const value = query[name];
  return Array.isArray(value) ? value[0] : value;
}
