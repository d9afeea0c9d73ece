import type { Pagination } from "@imcloud/spec";
import { type ApiPromise, CallPromise, type WithResponse } from "./api-promise.ts";
import type { Call, CallInput } from "./call.ts";
import type { RequestOptions } from "./request-options.ts";

/** Rows that a loop asks for at a time: the most that was seen to work. The document names no maximum. */
const LARGEST_PAGE = 500;

/** An offset at which no list has rows. */
const FAR_OFFSET = 1_000_000_000;

/** One page of a list. */
export interface Page<T> {
  /** The rows; empty when none match. */
  data: T[];
  /** Where the page stands in the whole list. */
  pagination: Pagination;
  /** The page after this one, or `undefined` when this is the last. */
  next(): Promise<Page<T> | undefined>;
}

/**
 * A list: await it for one page, or loop over it for every row. Nothing is sent before that.
 *
 * A loop asks for {@link LARGEST_PAGE} rows at a time unless the query has a `limit`, and yields no `id` twice though rows that
 * arrive meanwhile push the others on. It ends by the list's `total`, or when a server that ignores `offset` sends the same page
 * again, and fetches no further page once it is left.
 */
export interface PagePromise<T> extends ApiPromise<Page<T>>, AsyncIterable<T> {
  [Symbol.asyncIterator](): AsyncGenerator<T>;
}

class ListPromise<T> extends CallPromise<Page<T>> implements PagePromise<T> {
  readonly #rows: () => AsyncGenerator<T>;

  constructor(page: () => Promise<WithResponse<Page<T>>>, rows: () => AsyncGenerator<T>) {
    super(page);
    this.#rows = rows;
  }

  [Symbol.asyncIterator](): AsyncGenerator<T> {
    return this.#rows();
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

/** The offset of the page after this one; `undefined` after the last. It advances by the rows that came, not those asked for. */
function nextOffset<T>({ data, pagination }: Page<T>, offset: number): number | undefined {
  const next = offset + data.length;
  const total = Number(pagination?.total);
  return data.length > 0 && (Number.isNaN(total) || next < total) ? next : undefined;
}

/** What tells a row from others: its id, where it has one. */
const keyOf = (row: unknown): string | undefined => {
  const id = (row as { id?: unknown } | null | undefined)?.id;
  return id === undefined ? id : String(id);
};

/** What tells a page from the one before it. */
const signatureOf = ({ data, pagination }: Page<unknown>): string =>
  JSON.stringify([pagination?.total, data.map((row) => keyOf(row) ?? row)]);

async function* everyRow<T>(pageAt: (paging: Paging) => Promise<WithResponse<Page<T>>>, { offset = 0, limit }: Paging) {
  const seen = new Set<string>();
  let at: number | undefined = offset;
  let previous: string | undefined;
  let isOffsetHeeded = false;
  while (at !== undefined) {
    const { data: page }: WithResponse<Page<T>> = await pageAt({ offset: at, limit: limit ?? LARGEST_PAGE });
    const signature = signatureOf(page);
    if (signature === previous && !isOffsetHeeded) {
      // The server ignores the offset, or just as many rows have arrived as a page has. No list has rows that far on.
      const { data: beyond } = await pageAt({ offset: FAR_OFFSET, limit: 1 });
      if (beyond.data.length > 0) return;
      isOffsetHeeded = true;
    }
    previous = signature;
    for (const row of page.data) {
      const key = keyOf(row);
      if (key !== undefined && seen.has(key)) continue;
      if (key !== undefined) seen.add(key);
      yield row;
    }
    at = nextOffset(page, at);
  }
}

export function createList(call: Call): ListCall {
  return <T>(...[operation, method, path, { query = {}, ...input }, options]: Parameters<ListCall>) => {
    async function pageAt(paging: Paging): Promise<WithResponse<Page<T>>> {
      const asked = { ...query, ...paging };
      const result = call<Partial<Page<T>>>(operation, method, path, { ...input, query: asked }, options);
      const { data: body, response } = await result.withResponse();
      const page: Page<T> = {
        ...(body as Page<T>),
        data: body?.data ?? [],
        async next() {
          const offset = nextOffset(page, asked.offset ?? 0);
          return offset === undefined ? undefined : (await pageAt({ ...paging, offset })).data;
        },
      };
      return { data: page, response };
    }
    return new ListPromise<T>(
      () => pageAt({}),
      () => everyRow(pageAt, query),
    );
  };
}
