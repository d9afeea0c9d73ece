import { callable, checkOptions, must, type Rules } from "@imcloud/options";
import { type ApiPromise, CallPromise, type WithResponse } from "../calls/api-promise.ts";
import type { Call, CallInput } from "../calls/call.ts";
import { checkQuery } from "../calls/check-query.ts";
import { IncompleteListError } from "../errors/errors.ts";
import type { RequestOptions } from "../request-options.ts";
import { LARGEST_PAGE, type ListCursor, ListReader, type Paging } from "./list-reader.ts";
import { type Page, plainPage } from "./page.ts";
import { type Following, follow, type Reading, rowsOf } from "./page-checks.ts";
import { createProgress, type OnListProgress } from "./progress.ts";

/** The default of {@link ToArrayOptions.max}. */
const DEFAULT_MAX = 10_000;

/** What {@link ToArrayOptions} must be. */
const TO_ARRAY_RULES: Rules<ToArrayOptions> = {
  max: must(
    "a whole number from 1 on, or Infinity",
    (max: number) => max === Infinity || (Number.isSafeInteger(max) && max > 0),
  ),
  onProgress: callable,
};

/** Some rows of a list, with where it goes on. */
export interface ListPage<T> {
  /** The rows; none of those that this loop gave before. */
  data: T[];
  /** Rows in all, as the API last said; `undefined` where it says nothing to be believed. */
  total: number | undefined;
  /** Where the list goes on; `undefined` after its last page. */
  cursor: ListCursor | undefined;
}

/** Where to begin a loop over pages. */
export interface PagesOptions {
  /** The {@link ListPage.cursor} of a page of the same list, to go on after it. */
  after?: ListCursor | undefined;
}

const isCount = (value: unknown) => value === undefined || (Number.isSafeInteger(value) && Number(value) >= 0);

/**
 * What {@link PagesOptions} must be. By a cursor of a query that is read as more lists, rows would be left out.
 * @param lists as which this query is read
 */
const pagesRules = (lists: number): Rules<PagesOptions> => ({
  after: must(
    "the cursor of a page of this list",
    (cursor: ListCursor) =>
      cursor?.offset !== undefined &&
      cursor.received !== undefined &&
      [cursor.offset, cursor.received, cursor.total, cursor.first, cursor.list].every(isCount) &&
      (cursor.list ?? 0) < lists,
  ),
});

/** How to collect a list. */
export interface ToArrayOptions {
  /**
   * Rows that are collected at most. A list that has more is an error, not cut off.
   * @defaultValue 10_000
   */
  max?: number | undefined;
  /** Called after each page. */
  onProgress?: OnListProgress | undefined;
}

/**
 * A list: await it for one page, or loop over it for every row. Nothing is sent before that.
 *
 * A loop asks for {@link LARGEST_PAGE} rows at a time unless the query has a `limit`, and gives no row twice though rows that arrive
 * meanwhile push the others on. Each page begins with the last row of the one before, by which it is seen that none has moved up. It ends
 * where the API's `total` is reached or, where that cannot be believed, at an empty page; with a server that ignores `offset` and
 * `limit`, such as that of the reports, after its one page. Everything else is an {@link IncompleteListError}. It fetches no further page
 * once it is left.
 *
 * A loop that changes what it reads, so that rows no longer match the query, shifts the rest of the list and would skip rows: collect
 * with {@link PagePromise.toArray} first, then work.
 */
export interface PagePromise<T> extends ApiPromise<Page<T>>, AsyncIterable<T> {
  [Symbol.asyncIterator](): AsyncGenerator<T>;
  /**
   * Collects every row, before any of them is worked on.
   * @throws {@link IncompleteListError} as the loop does, and when the list has more than `max` rows
   * @throws {@link TypeError} when `max` is not a whole number
   */
  toArray(options?: ToArrayOptions): Promise<T[]>;
  /**
   * Yields the rows page by page, each with a cursor, so that another loop can continue later:
   * `list(query).pages({ after: page.cursor })`. It ends, and fails, as the loop over rows does. A loop that continues later does not
   * know the rows of the loop before it: remove those that came twice by {@link distinctRows}.
   * @throws {@link IncompleteListError} as the loop does
   * @throws {@link TypeError} when `after` is no cursor
   */
  pages(options?: PagesOptions): AsyncGenerator<ListPage<T>, void, undefined>;
  /** The same loop. It reports its progress after each row that the loop body has finished. */
  withProgress(onProgress: OnListProgress): AsyncIterable<T>;
}

/** What a {@link ListPromise} is made of. */
interface ListSource<T> {
  /** Where the list begins. */
  start: Reading;
  /** Gets one page. */
  page(): Promise<WithResponse<Page<T>>>;
  /** Yields all rows as they come, and `total` as the API last said. */
  batches(): AsyncGenerator<{ rows: readonly T[]; total: number | undefined }>;
  /** Yields the pages after a cursor. */
  pages(after: ListCursor | undefined): AsyncGenerator<ListPage<T>, void, undefined>;
  /** Lists as which the query is read. */
  lists: number;
}

/** A list, of what gives its pages. */
export class ListPromise<T> extends CallPromise<Page<T>> implements PagePromise<T> {
  readonly #source: ListSource<T>;

  constructor(source: ListSource<T>) {
    super(() => source.page());
    this.#source = source;
  }

  [Symbol.asyncIterator](): AsyncGenerator<T> {
    return this.#rows();
  }

  pages(options: PagesOptions = {}): AsyncGenerator<ListPage<T>, void, undefined> {
    checkOptions(pagesRules(this.#source.lists), options, "pages");
    return this.#source.pages(options.after);
  }

  withProgress(onProgress: OnListProgress): AsyncIterable<T> {
    // As everywhere, undefined is not given.
    if (onProgress !== undefined) callable(onProgress, "withProgress");
    return { [Symbol.asyncIterator]: () => this.#rows(onProgress) };
  }

  async toArray(options: ToArrayOptions = {}): Promise<T[]> {
    checkOptions(TO_ARRAY_RULES, options, "toArray");
    const { max = DEFAULT_MAX, onProgress } = options;
    const tell = createProgress(onProgress);
    const all: T[] = [];
    for await (const { rows, total } of this.#source.batches()) {
      // Not spread into one call, which has a limit.
      for (const row of rows) all.push(row);
      const count = this.#countOf(total);
      if (Math.max(all.length, count ?? 0) > max) {
        const at = { ...this.#source.start, received: all.length, total };
        throw new IncompleteListError(`It has more rows than the ${max} of toArray({ max }).`, at);
      }
      tell(all.length, count);
    }
    return all;
  }

  async *#rows(onProgress?: OnListProgress): AsyncGenerator<T> {
    const tell = createProgress(onProgress);
    let done = 0;
    for await (const { rows, total } of this.#source.batches()) {
      for (const row of rows) {
        yield row;
        tell(++done, this.#countOf(total));
      }
    }
  }

  /** Rows from where the list begins. */
  #countOf(total: number | undefined): number | undefined {
    return total === undefined ? undefined : Math.max(0, total - this.#source.start.offset);
  }
}

/** Makes a list of an operation that pages. */
export type ListCall = <T>(
  operation: string,
  method: string,
  path: string,
  input: Omit<CallInput, "body" | "query"> & { query?: Paging | undefined },
  options?: RequestOptions,
) => PagePromise<T>;

export function createList(call: Call): ListCall {
  return <T>(...[operation, method, path, { query = {}, ...input }, options]: Parameters<ListCall>) => {
    async function pageAt(paging: Paging, reading: Reading, own?: RequestOptions): Promise<WithResponse<Page<T>>> {
      const asked = { ...query, ...paging };
      const { data: body, response } = await call<Page<T>>(
        operation,
        method,
        path,
        { ...input, query: asked },
        own ? { ...options, ...own } : options,
      ).withResponse();
      const data = rowsOf<T>(body, reading);
      const page: Page<T> = plainPage<T>({ ...body, data }, async () => {
        const { next, total }: Following = follow(page, reading);
        if (next === undefined) return undefined;
        const received = reading.received + page.data.length;
        const { data: following } = await pageAt(
          { ...paging, offset: next },
          { ...reading, offset: next, received, total },
        );
        // Says whether it follows.
        follow(following, { ...reading, offset: next, received, total });
        return following;
      });
      return { data: page, response };
    }
    const start: Reading = { operation, offset: query.offset ?? 0, received: 0, total: undefined };
    const batches = (after?: ListCursor) => {
      // Also what a loop has values of its own for.
      checkQuery(operation, input.queryRules, query);
      const reader = new ListReader<T & object>(
        (...asked) => pageAt(...asked).then(({ data }) => data as Page<T & object>),
        start,
        query.limit ?? LARGEST_PAGE,
        after,
      );
      return reader.pages();
    };

    async function* pages(after: ListCursor | undefined): AsyncGenerator<ListPage<T>, void, undefined> {
      let isEnded = false;
      const all = batches(after);
      try {
        while (!isEnded) {
          const { value } = await all.next();
          // Before the last page is given, the list as a whole is checked.
          isEnded = !value?.cursor;
          if (isEnded) await all.next();
          // A server that ignores the offset had given everything: nothing is left.
          yield { data: value?.rows ?? [], total: value?.total, cursor: value?.cursor };
        }
      } finally {
        await all.return(undefined);
      }
    }
    return new ListPromise<T>({ start, page: () => pageAt({}, start), batches, pages, lists: 1 });
  };
}
