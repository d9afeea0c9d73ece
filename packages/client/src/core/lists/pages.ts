import { callable, checkOptions, must, type Rules } from "@imcloud/options";
import type { Pagination } from "@imcloud/spec";
import { type ApiPromise, CallPromise, type WithResponse } from "../calls/api-promise.ts";
import type { Call, CallInput } from "../calls/call.ts";
import { checkQuery } from "../calls/check-query.ts";
import { BadRequestError, IncompleteListError } from "../errors/errors.ts";
import type { RequestOptions } from "../request-options.ts";
import { type Following, follow, type Reading, rowsOf } from "./page-checks.ts";
import { createProgress, type OnListProgress } from "./progress.ts";
import { identityOf, SeenRows } from "./seen-rows.ts";

/** Rows that a loop asks for at a time: the most that was seen to work. The document names no maximum. */
const LARGEST_PAGE = 500;

/** An offset at which no list has rows. */
const FAR_OFFSET = 1_000_000_000;

/** Times that a page is read until the row before it is seen to be where it was. */
const MAX_LOOKS = 4;

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
 * Where a list goes on after a page: plain data that can be kept, and sent. It belongs to the query that it came from, and holds what is
 * known of the list so far, by which its end is proved.
 */
export interface ListCursor {
  /** Offset of the next page. */
  offset: number;
  /** Different rows that came. */
  received: number;
  /** Rows in all, as the API last said. */
  total?: number | undefined;
  /** Rows in all, as the API said at first. */
  first?: number | undefined;
  /** A hash of the page before, to detect that it comes again. */
  previous?: string | undefined;
  /** A hash of the last row, with which the next page is asked for, to see that nothing has moved up. */
  last?: string | undefined;
  /** Whether the server was seen to respect `offset`. */
  isOffsetHeeded?: boolean | undefined;
  /** Of several lists that are read as one, which is read. */
  list?: number | undefined;
}

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

/** Why a list is not whole whose last row is not found again. */
const MOVED =
  "Its rows moved while it was read: the last one is not where it was, so that others may have moved up unseen. Read it again.";

/** A hash of a row by which it is known again on the next page. */
const markOfRow = (row: object): string => markOf([identityOf(row) ?? row], 0);

/** A short hash of some rows. */
function markOf(rows: unknown[], offset: number): string {
  let text: string;
  try {
    text = JSON.stringify(rows);
  } catch {
    // Nested deeper than JSON can be written.
    return String(offset);
  }
  let hash = 0;
  for (let at = 0; at < text.length; at++) hash = (Math.imul(hash, 31) + text.charCodeAt(at)) | 0;
  return `${text.length}-${hash >>> 0}`;
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
 * meanwhile push the others on. Each page begins with the last row of the one before, by which it is seen that none has moved up. It ends where the API's `total` is reached or, where that cannot be believed, at an empty page; with
 * a server that ignores `offset` and `limit`, such as that of the reports, after its one page. Everything else is an
 * {@link IncompleteListError}. It fetches no further page once it is left.
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

/** What a list can be asked for besides its filters. */
interface Paging {
  offset?: number;
  limit?: number;
}

/** Makes a list of an operation that pages. */
export type ListCall = <T>(
  operation: string,
  method: string,
  path: string,
  input: Omit<CallInput, "body" | "query"> & { query?: Paging | undefined },
  options?: RequestOptions,
) => PagePromise<T>;

type PageAt<T> = (paging: Paging, reading: Reading) => Promise<WithResponse<Page<T>>>;

/** Yields the rows page by page, no row twice. */
async function* everyPage<T extends object>(pageAt: PageAt<T>, start: Reading, limit: number, after?: ListCursor) {
  const seen = new SeenRows();
  const { offset, received, total: known }: Omit<Reading, "operation"> = { total: undefined, ...(after ?? start) };
  const reading: Reading = { operation: start.operation, offset, received, total: known };
  let { first, previous, last, isOffsetHeeded = false }: Partial<ListCursor> = after ?? {};
  /** Whether pages are asked for from the last row before them on. */
  let isOverlapping = true;
  /** Rows of a page with the last row before it. The platform is not asked for more than it was seen to give. */
  let overlapLimit = limit < LARGEST_PAGE ? limit + 1 : limit;

  /** A page of more rows than are asked for, where the server permits that. */
  async function largerPage(offset: number, larger: number): Promise<WithResponse<Page<T>>> {
    try {
      return await pageAt({ offset, limit: larger }, reading);
    } catch (error) {
      if (!(error instanceof BadRequestError) || larger <= limit) throw error;
      overlapLimit = limit;
      return pageAt({ offset, limit }, reading);
    }
  }

  /** A server that ignores the offset has given everything if it ignores the limit too. */
  async function ignoresOffset({ data }: Page<T>): Promise<boolean> {
    // No list has rows that far on. Just as many rows may have arrived as a page has.
    const asksForMore = data.length >= limit && limit < LARGEST_PAGE;
    const beyond = await largerPage(FAR_OFFSET, asksForMore ? LARGEST_PAGE : 1);
    isOffsetHeeded = beyond.data.data.length === 0;
    if (isOffsetHeeded) return false;
    const { received, total } = reading;
    // It ignores the limit if it gives no fewer rows for a limit of one than for one that is larger than the page.
    const few = asksForMore ? await pageAt({ offset: FAR_OFFSET, limit: 1 }, reading) : beyond;
    const many = asksForMore ? beyond.data.data : data;
    const ignoresLimit = few.data.data.length >= many.length;
    if (ignoresLimit && (total === undefined || received >= total)) return true;
    throw new IncompleteListError("The same page came again.", reading);
  }

  /** The page from the last row before it on. */
  const overlappingPage = () => largerPage(reading.offset - 1, overlapLimit);

  const isLast = (row: T) => last !== undefined && markOfRow(row) === last;

  /** Where the last row came from. */
  let source: Required<Paging> | undefined;

  /** Times that it was not seen there. */
  let looks = 0;

  /** Whether the last row stands where it stood, after a page behind it was read. */
  const hasLast = async () => {
    const { data } = await (source ? pageAt(source, reading) : overlappingPage());
    return data.data.some((row) => isLast(row) || seen.has(row));
  };

  for (;;) {
    const isOverlapped: boolean = isOverlapping && last !== undefined;
    const { data: page }: { data: Page<T> } = isOverlapped
      ? await overlappingPage()
      : await pageAt({ offset: reading.offset, limit }, reading);
    const { length } = page.data;
    const lastAt = page.data.findIndex(isLast);
    // Within a page, rows are not compared: ids that are equal there are no ids.
    const rows = page.data.slice(lastAt + 1).filter((row) => !seen.has(row));
    const mark = markOf(page.data, reading.offset);
    const isRepeated = length > 0 && (mark === previous || (rows.length === 0 && !isOverlapped));
    if (isRepeated && !isOffsetHeeded && (await ignoresOffset(page))) return;
    const grown: number = Math.max(0, Number(page.pagination?.total) - Number(reading.total)) || 0;
    const overlap = isOverlapped ? 1 : 0;
    const asked = reading.offset - overlap;
    // Some servers begin a page at a multiple of the limit: the last row is further on in it, though none was pushed on.
    const pushed = rows.length > 0 || isOverlapped ? Math.max(0, lastAt + 1 - overlap - grown) : 0;
    const { next, total }: Following = follow(page, {
      ...reading,
      offset: length > 0 ? asked - pushed : reading.offset,
    });
    reading.total = total;
    if (isOverlapped && length > 0 && rows.length === 0 && next !== undefined) {
      // It gives one row at a time, or begins its pages elsewhere, or as many rows arrived.
      isOverlapping = false;
      for (const row of page.data) seen.add(row);
      source = { offset: asked, limit: overlapLimit };
      continue;
    }
    // A row that came before stands before all that were not read yet: none of these has moved up.
    const isProved = last === undefined || rows.length < length || (!isOverlapped && (await hasLast()));
    if (!isProved) {
      // More rows than a page has may have arrived before it, or one just now.
      const further: number = next === undefined ? 0 : total === undefined ? length : grown;
      if (!further && (isOverlapped || ++looks === MAX_LOOKS)) throw new IncompleteListError(MOVED, reading);
      reading.offset += further;
      isOverlapping ||= further > 0;
      continue;
    }
    looks = 0;
    isOverlapping ||= grown > 0;
    previous = mark;
    first ??= total;
    for (const row of rows) seen.add(row);
    reading.received += rows.length;
    if (rows.length > 0) last = markOfRow(page.data[length - 1] as T);
    if (rows.length > 0 || lastAt >= 0) source = { offset: asked, limit: isOverlapped ? overlapLimit : limit };
    const cursor: ListCursor | undefined =
      next === undefined
        ? undefined
        : { offset: next, received: reading.received, total, first, previous, last, isOffsetHeeded };
    yield { rows, total, cursor };
    if (next === undefined) break;
    reading.offset = next;
  }
  if (first !== undefined && start.offset + reading.received < first) {
    throw new IncompleteListError("Its rows cannot be told apart by their ids.", reading);
  }
}

export function createList(call: Call): ListCall {
  return <T>(...[operation, method, path, { query = {}, ...input }, options]: Parameters<ListCall>) => {
    async function pageAt(paging: Paging, reading: Reading): Promise<WithResponse<Page<T>>> {
      const asked = { ...query, ...paging };
      const { data: body, response } = await call<Page<T>>(
        operation,
        method,
        path,
        { ...input, query: asked },
        options,
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
      return everyPage<T & object>(pageAt as PageAt<T & object>, start, query.limit ?? LARGEST_PAGE, after);
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
