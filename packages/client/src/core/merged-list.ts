import { checkOptions, readable } from "@imcloud/options";
import { CallPromise, type WithResponse } from "./api-promise.ts";
import { IncompleteListError } from "./errors.ts";
import {
  DEFAULT_MAX,
  type ListCall,
  type ListPage,
  PAGES_RULES,
  type Page,
  type PagePromise,
  type PagesOptions,
  plainPage,
  TO_ARRAY_RULES,
  type ToArrayOptions,
} from "./pages.ts";
import { createProgress, type OnListProgress } from "./progress.ts";
import { SeenRows } from "./seen-rows.ts";

type Query = Record<string, unknown>;

/** The queries of a query whose filters have several values: one for each of them, as the API takes one value. */
const expand = (query: Query): Query[] =>
  Object.entries(query).reduce<Query[]>(
    (queries, [name, given]) => {
      const value = Array.isArray(given) ? given.filter((one) => one !== undefined) : given;
      return Array.isArray(value) && value.length > 0
        ? queries.flatMap((each) => [...new Set(value)].map((one) => ({ ...each, [name]: one })))
        : queries.map((each) => ({ ...each, [name]: value }));
    },
    [{}],
  );

/** One page of each list, as one. */
function mergePages<T>(pages: Page<T>[]): Page<T> {
  const [first] = pages;
  const total = pages.reduce((sum, { pagination }) => sum + Number(pagination?.total), 0);
  return plainPage<T>(
    { data: pages.flatMap(({ data }) => data), pagination: { ...first?.pagination, total } as Page<T>["pagination"] },
    async () => {
      const following = (await Promise.all(pages.map((page) => page.next()))).filter((page) => page !== undefined);
      return following.length ? mergePages(following) : undefined;
    },
  );
}

/** Several lists, one after the other, as one. No row is given twice, though it moved from one to the next meanwhile. */
class MergedList<T> extends CallPromise<Page<T>> implements PagePromise<T> {
  readonly #operation: string;
  readonly #lists: () => PagePromise<T>[];

  constructor(operation: string, lists: () => PagePromise<T>[]) {
    super(async (): Promise<WithResponse<Page<T>>> => {
      const all = await Promise.all(lists().map((list) => list.withResponse()));
      const [first] = all as [WithResponse<Page<T>>];
      return { data: mergePages(all.map(({ data }) => data)), response: first.response };
    });
    this.#operation = operation;
    this.#lists = lists;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T> {
    const earlier: SeenRows[] = [];
    for (const list of this.#lists()) {
      // A list gives none of its own rows twice.
      const own = new SeenRows();
      for await (const row of list) {
        if (earlier.some((seen) => seen.has(row as object))) continue;
        own.add(row as object);
        yield row;
      }
      earlier.push(own);
    }
  }

  async *pages(options: PagesOptions = {}): AsyncGenerator<ListPage<T>, void, undefined> {
    checkOptions(PAGES_RULES, options, "pages");
    const lists = this.#lists();
    const { list: begun = 0, ...within } = options.after ?? { offset: 0, received: 0 };
    const earlier: SeenRows[] = [];
    for (const [at, list] of lists.entries()) {
      if (at < begun) continue;
      const own = new SeenRows();
      // One that was not begun yet begins at the query's own offset.
      const isBegun = at === begun && within.offset > 0;
      for await (const page of list.pages(isBegun ? { after: within } : {})) {
        const data = page.data.filter((row) => !earlier.some((seen) => seen.has(row as object)));
        for (const row of data) own.add(row as object);
        const next = page.cursor ?? (at + 1 < lists.length ? { offset: 0, received: 0 } : undefined);
        yield {
          data,
          total: undefined,
          cursor: next && { ...next, list: page.cursor ? at : at + 1 },
        };
      }
      earlier.push(own);
    }
  }

  async *withProgress(onProgress: OnListProgress): AsyncGenerator<T> {
    const tell = createProgress(onProgress);
    let done = 0;
    for await (const row of this) {
      yield row;
      tell(++done, undefined);
    }
  }

  async toArray(options: ToArrayOptions = {}): Promise<T[]> {
    checkOptions(TO_ARRAY_RULES, options, "toArray");
    const { max = DEFAULT_MAX, onProgress = () => {} } = options;
    const all: T[] = [];
    for await (const row of this.withProgress(onProgress)) {
      all.push(row);
      if (all.length > max) {
        const at = { operation: this.#operation, offset: 0, received: all.length, total: undefined };
        throw new IncompleteListError(`It has more rows than the ${max} of toArray({ max }).`, at);
      }
    }
    return all;
  }
}

/** Makes lists whose filters may have several values, which is a call for each. */
export const mergingLists =
  (list: ListCall): ListCall =>
  <T>(...[operation, method, path, { query = {}, ...input }, options]: Parameters<ListCall>): PagePromise<T> => {
    readable("an object of filters")(query, `The query of ${operation}`);
    const lists = () =>
      expand(query as Query).map((one) => list<T>(operation, method, path, { ...input, query: one }, options));
    const [only, ...others] = lists();
    return others.length === 0 && only ? only : new MergedList<T>(operation, lists);
  };
