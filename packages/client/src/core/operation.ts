/**
 * What a query value must be: one of some values, or of some kind. A time can be a `Date` too.
 */
export type QueryRule = readonly string[] | string;

/** An operation of the document, as the client calls it. */
export interface Operation {
  /** `<resource>_<method>` */
  id: string;
  method: string;
  /** A template, such as `/orders/{id}`. */
  path: string;
  hasBody?: boolean;
  /** It gives a page of a list. */
  isList?: boolean;
  /** It changes nothing, although it is no GET. */
  isSafe?: boolean;
  /** What its query can have, by name. */
  query?: Readonly<Record<string, QueryRule>>;
}

/** The names in a path's braces. */
export const pathNames = ({ path }: Operation): string[] =>
  [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => `${name}`);
