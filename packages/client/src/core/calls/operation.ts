import { createPathMatcher, type PathMatcher } from "@imcloud/openapi-tools/path-matcher";

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
  /** It changes what there is, and gives it: of that, some servers send no body. */
  isUpdate?: boolean;
  /** What its query can have, by name. */
  query?: Readonly<Record<string, QueryRule>>;
}

/** The names in a path's braces. */
export const pathNames = ({ path }: Operation): string[] =>
  [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => `${name}`);

/** An operation of the document, with what the names in its path stand for in a call. */
export interface FoundOperation {
  operation: Operation;
  parameters: Record<string, string>;
}

/** Finds the operation of a call; `undefined` where the document has none. */
export type FindOperation = (method: string, path: string) => FoundOperation | undefined;

/** Makes what finds operations. Nothing is made ready before the first call that asks. */
export function createOperationFinder(operations: readonly Operation[]): FindOperation {
  let matcher: PathMatcher<Operation> | undefined;
  return (method, path) => {
    matcher ??= createPathMatcher(operations.map((value) => ({ method: value.method, path: value.path, value })));
    const match = matcher.match(method, path);
    return match.kind === "match" ? { operation: match.value, parameters: match.parameters } : undefined;
  };
}
