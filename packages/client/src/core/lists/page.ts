import type { Pagination } from "@imcloud/spec";

/** One page of a list. */
export interface Page<T> {
  /** The rows; empty when none match. */
  data: T[];
  /** Where the page stands in the whole list. */
  pagination: Pagination;
  /**
   * The page after this one, or `undefined` when this is the last.
   * @throws {@link IncompleteListError} when the API says that there are more rows but gives none, or rows left the list meanwhile
   */
  next(): Promise<Page<T> | undefined>;
}

/**
 * A page that is plain data for whatever copies, compares or sends it, as `next` is inherited. Its prototype has the methods of plain
 * objects, and itself neither a prototype nor a constructor: so React and TanStack Query take the page for plain data.
 */
export function plainPage<T>(data: Omit<Page<T>, "next">, next: Page<T>["next"]): Page<T> {
  const { constructor: _, ...inherited } = Object.getOwnPropertyDescriptors(Object.prototype);
  const parent = Object.create(null, { ...inherited, next: { value: next }, [INSPECT]: { value: inspectPage } });
  const { next: __, ...fields } = data as Partial<Page<T>>;
  return Object.create(parent, Object.getOwnPropertyDescriptors(fields));
}

/** How `console.log` of Node shows a page: as plain data. */
const INSPECT = Symbol.for("nodejs.util.inspect.custom");

function inspectPage(this: object, _depth: number, options: object, inspect: (value: unknown, how: object) => string) {
  return inspect({ ...this }, options);
}
