import { ApiError, BadRequestError, ConnectionError, IncompleteListError } from "../errors/errors.ts";
import type { RequestOptions } from "../request-options.ts";
import type { Page } from "./page.ts";
import { follow, type Reading } from "./page-checks.ts";
import { identityOf, SeenRows } from "./seen-rows.ts";

/** Rows that a loop asks for at a time: the most that was seen to work. The document names no maximum. */
export const LARGEST_PAGE = 500;

/** An offset at which no list has rows. */
const FAR_OFFSET = 1_000_000_000;

/** Times that a page is read until the row before it is seen to be where it was. */
const MAX_LOOKS = 4;

/** Why a list is not whole whose last row is not found again. */
const MOVED = "Its rows moved while it was read. Read it again.";

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
  /** Whether pages began with the last row before them, as they were asked to; `undefined` before it was tried. */
  isOverlapSeen?: boolean | undefined;
  /** Whether the server was seen to respect `offset`. */
  isOffsetHeeded?: boolean | undefined;
  /** Of several lists that are read as one, which is read. */
  list?: number | undefined;
}

/** What a list can be asked for besides its filters. */
export interface Paging {
  offset?: number;
  limit?: number;
}

/** Gets one page. The options stand in place of those of the list. */
export type PageAt<T> = (paging: Paging, reading: Reading, options?: RequestOptions) => Promise<Page<T>>;

/** Rows of one page that did not come before, and where the list goes on. */
export interface NewRows<T> {
  rows: T[];
  total: number | undefined;
  /** `undefined` after the last page. */
  cursor: ListCursor | undefined;
}

/** What is known of a list besides how far it was read, by which its end is proved. */
type Proof = Omit<ListCursor, "offset" | "received" | "total" | "list">;

/** Where a page was asked for, and how many rows of it. */
type Source = [offset: number, limit: number];

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
 * Whether a call failed as it does at a `fetch` of a test that has no such page: it gives something else, refuses, or throws. The
 * errors of a network have codes in capitals.
 */
const isNoPage = (error: unknown): boolean =>
  error instanceof IncompleteListError ||
  (error instanceof ApiError && /^2|40[04]/.test(`${error.status}`)) ||
  (error instanceof ConnectionError && !/^[A-Z]/.test(`${error.code}`));

/**
 * Reads a list page by page, gives no row twice, and proves that none was left out: each page is asked for from the last row before it
 * on. Where that row is on it, nothing has moved up unseen.
 *
 * Tests of our users have lists that know nothing of this: pages in a fixed sequence, or one for each offset. They are whole, and
 * are read to their end, too.
 */
export class ListReader<T extends object> {
  readonly #pageAt: PageAt<T>;
  /** The offset of the query. */
  readonly #from: number;
  readonly #limit: number;
  readonly #seen = new SeenRows();
  readonly #reading: Reading;
  readonly #proof: Proof;

  /** Whether pages are asked for from the last row before them on. */
  #isOverlapping = true;
  /** Rows of a page with the last row before it. The platform is not asked for more than it was seen to give. */
  #overlapLimit: number;
  /** Where the last row came from. */
  #source: Source;
  /** Times that it was not seen there. */
  #looks = 0;
  /** Rows of the first page. */
  #firstSize: number | undefined;

  /**
   * @param start where the query begins
   * @param limit rows to ask for at a time
   * @param after where to go on, instead of at the start
   */
  constructor(pageAt: PageAt<T>, start: Reading, limit: number, after?: ListCursor) {
    this.#pageAt = pageAt;
    this.#from = start.offset;
    this.#limit = limit;
    this.#overlapLimit = limit < LARGEST_PAGE ? limit + 1 : limit;
    const { offset, received, total, list: _, ...proof }: ListCursor = after ?? { offset: start.offset, received: 0 };
    this.#reading = { ...start, offset, received, total };
    this.#proof = proof;
    this.#source = [offset - 1, this.#overlapLimit];
  }

  /**
   * Yields the rows page by page.
   * @throws {@link IncompleteListError} when a row may have been left out
   */
  async *pages(): AsyncGenerator<NewRows<T>, void, undefined> {
    const reading = this.#reading;
    const proof = this.#proof;
    const seen = this.#seen;
    for (;;) {
      const page = await this.#request();
      const { data } = page;
      const { length } = data;
      const isOverlapped = this.#isOverlapping && proof.last !== undefined;
      const overlap = Number(isOverlapped);
      const asked = reading.offset - overlap;
      const lastAt = data.findIndex((row) => this.#isLast(row));
      // Within a page, rows are not compared: ids that are equal there are no ids.
      const rows = data.slice(lastAt + 1).filter((row) => !seen.has(row));
      const grown = Math.max(0, Number(page.pagination?.total) - Number(reading.total)) || 0;

      const mark = markOf(data, reading.offset);
      const isRepeated = length > 0 && (mark === proof.previous || (rows.length === 0 && !isOverlapped));
      if (isRepeated && !proof.isOffsetHeeded && (await this.#ignoresOffset(page))) return;

      // Some servers begin a page at a multiple of the limit: the last row is further on in it, though none was pushed on.
      const pushed = rows.length > 0 || isOverlapped ? Math.max(0, lastAt + 1 - overlap - grown) : 0;
      let { next, total } = follow(page, { ...reading, offset: length > 0 ? asked - pushed : reading.offset });
      reading.total = total;

      // What shows a row that came before is no sequence: rows had moved up where an earlier page did not.
      const isKnown = rows.length < length;
      if (isKnown) {
        if (proof.isOverlapSeen === false) throw this.#incomplete(MOVED);
        if (isOverlapped) proof.isOverlapSeen = true;
      }

      const source: Source = [asked, isOverlapped ? this.#overlapLimit : this.#limit];
      if (isOverlapped && rows.length === 0 && next !== undefined) {
        // It gives one row at a time, or begins its pages elsewhere, or as many rows arrived.
        this.#isOverlapping = false;
        for (const row of data) seen.add(row);
        this.#source = source;
        continue;
      }

      // A row that came before stands before all that were not read yet: none of these has moved up.
      if (proof.last !== undefined && !isKnown && (isOverlapped || !(await this.#hasLast()))) {
        if (isOverlapped && grown === 0 && next !== undefined && total !== undefined && !proof.isOverlapSeen) {
          // It may be one of a fixed sequence, which is whole when as many rows came as its total says. Where rows moved up instead,
          // there are more then.
          const left = total - this.#from - reading.received - length;
          if (left < 0 || (left === 0 && !(await this.#isEnd(next, length)))) throw this.#incomplete(MOVED);
          proof.isOverlapSeen = false;
          if (left === 0) next = undefined;
        } else {
          // More rows than a page has may have arrived before it, or one just now.
          const further = next === undefined ? 0 : total === undefined ? length : grown;
          if (!further && (isOverlapped || ++this.#looks === MAX_LOOKS)) throw this.#incomplete(MOVED);
          reading.offset += further;
          this.#isOverlapping ||= further > 0;
          continue;
        }
      }

      this.#looks = 0;
      this.#isOverlapping ||= grown > 0;
      proof.previous = mark;
      proof.first ??= total;
      this.#firstSize ??= length;
      for (const row of rows) seen.add(row);
      reading.received += rows.length;
      if (length > 0) {
        // Also when all its rows came before, as others arrived: it is by these that the next page is seen to follow.
        proof.last = markOfRow(data[length - 1] as T);
        this.#source = source;
      }
      const cursor = next === undefined ? undefined : { offset: next, received: reading.received, total, ...proof };
      yield { rows, total, cursor };
      if (next === undefined) break;
      reading.offset = next;
    }
    if (this.#from + reading.received < Number(proof.first)) {
      throw this.#incomplete("Its rows cannot be told apart by their ids.");
    }
  }

  /** The next page, with the last row before it. */
  async #request(): Promise<Page<T>> {
    const { offset, total } = this.#reading;
    if (!this.#isOverlapping || this.#proof.last === undefined) return this.#page(offset);
    if (this.#proof.isOverlapSeen !== undefined || !(offset < Number(total))) {
      return this.#overlappingPage();
    }
    const page = await this.#ifAny(this.#overlappingPage());
    if (page) return page;
    // There must be one. A test may have pages for exact offsets only, and then has none again.
    const exact = await this.#page(offset);
    if (await this.#ifAny(this.#overlappingPage())) throw this.#incomplete(MOVED);
    this.#isOverlapping = false;
    return exact;
  }

  /** The page at an offset, of as many rows as are asked for. */
  #page(offset: number, limit = this.#limit, options?: RequestOptions): Promise<Page<T>> {
    return this.#pageAt({ offset, limit }, this.#reading, options);
  }

  #incomplete(reason: string): IncompleteListError {
    return new IncompleteListError(reason, this.#reading);
  }

  /**
   * A page; `undefined` where the server has none though there are more rows. One that is empty as its total has shrunk is no
   * contradiction, except for 0: then no row is left that could have moved.
   */
  async #ifAny(asked: Promise<Page<T>>): Promise<Page<T> | undefined> {
    try {
      const page = await asked;
      const total = Number(page.pagination?.total);
      return page.data.length > 0 || (total > 0 && total < Number(this.#reading.total)) ? page : undefined;
    } catch (error) {
      if (isNoPage(error)) return undefined;
      throw error;
    }
  }

  /** The page from the last row before it on. */
  #overlappingPage(): Promise<Page<T>> {
    return this.#largerPage(this.#reading.offset - 1, this.#overlapLimit);
  }

  /** A page of more rows than are asked for, where the server permits that. */
  async #largerPage(offset: number, larger: number): Promise<Page<T>> {
    try {
      return await this.#page(offset, larger);
    } catch (error) {
      if (!(error instanceof BadRequestError) || larger <= this.#limit) throw error;
      this.#overlapLimit = this.#limit;
      return this.#page(offset);
    }
  }

  #isLast(row: T): boolean {
    return markOfRow(row) === this.#proof.last;
  }

  /** A server that ignores the offset has given everything if it ignores the limit too. */
  async #ignoresOffset({ data }: Page<T>): Promise<boolean> {
    // No list has rows that far on. Just as many rows may have arrived as a page has.
    const asksForMore = data.length >= this.#limit && this.#limit < LARGEST_PAGE;
    const beyond = await this.#largerPage(FAR_OFFSET, asksForMore ? LARGEST_PAGE : 1);
    this.#proof.isOffsetHeeded = beyond.data.length === 0;
    if (this.#proof.isOffsetHeeded) return false;
    const { received, total } = this.#reading;
    // It ignores the limit if it gives no fewer rows for a limit of one than for one that is larger than the page.
    const few = asksForMore ? await this.#page(FAR_OFFSET, 1) : beyond;
    const many = asksForMore ? beyond.data : data;
    const ignoresLimit = few.data.length >= many.length;
    if (ignoresLimit && (total === undefined || received >= total)) return true;
    throw this.#incomplete("The same page came again.");
  }

  /** Whether the last row stands where it stood, after a page behind it was read. */
  async #hasLast(): Promise<boolean> {
    const { data } = await this.#page(...this.#source);
    return data.slice(-1).some((row) => this.#isLast(row) || this.#seen.has(row));
  }

  /** Whether nothing comes at an offset that is below the total, after a page of some length. */
  async #isEnd(offset: number, length: number): Promise<boolean> {
    // A page of fewer rows than the first one, before the end of the list, is the last of a sequence.
    return length < Number(this.#firstSize) || !(await this.#ifAny(this.#page(offset, undefined, { retry: false })));
  }
}
