import {
  distinctRows,
  type ImcloudClient,
  type ListCursor,
  type ListPage,
  type Page,
  type PagePromise,
} from "@imcloud/client";
import type { DataTag, DefaultError, InfiniteData, SkipToken } from "@tanstack/query-core";
import {
  checkClient,
  type InputShape,
  keyOf,
  type OperationKey,
  type ScopeOptions,
  type Skippable,
  splitArguments,
} from "./keys.ts";
import { callMethod, type QueryOperation, type QueryRequestOptions, queryOperation } from "./query-operation.ts";

/** A page of a list, as a query keeps it. */
export type PageData<Row> = Omit<Page<Row>, "next">;

/** Pages of a list, as an infinite query keeps them. */
export type InfinitePages<Row> = InfiniteData<ListPage<Row>, ListCursor | null>;

/** Fetches a page of an infinite query. */
export type PageFetcher<Row> = (context: {
  signal: AbortSignal;
  pageParam: ListCursor | null;
}) => Promise<ListPage<Row>>;

/** What {@link ListOperation.infiniteQueryOptions} gives: for `useInfiniteQuery`, `prefetchInfiniteQuery` and their like. */
export interface OperationInfiniteQueryOptions<Row, Fetch = PageFetcher<Row>> {
  queryKey: DataTag<OperationKey, InfinitePages<Row>, DefaultError>;
  queryFn: Fetch;
  /** The client has tried again already, at the pace that the API allows. */
  retry: false;
  initialPageParam: ListCursor | null;
  getNextPageParam: (lastPage: ListPage<Row>) => ListCursor | null;
}

/** An operation that lists, as options of a query for one page, and of an infinite query for one page after the other. */
export interface ListOperation<Input extends readonly unknown[], Row> extends QueryOperation<Input, PageData<Row>> {
  /** The key of an infinite query's data. It is below {@link QueryOperation.queryKey} of the same input. */
  infiniteQueryKey(
    ...input: [...Input, options?: ScopeOptions]
  ): DataTag<OperationKey, InfinitePages<Row>, DefaultError>;
  /**
   * Options of an infinite query. A page is a call; its `limit` is the query's, or 500, the most that was seen to work. The list ends
   * where the client's own loop would end: at a `total` that can be believed, at an empty page, or with an `IncompleteListError`.
   * Rows that came twice, as others arrived meanwhile, are taken out by {@link allRows}.
   * @param input what the client's method takes; `skipToken` for what is not known yet
   */
  infiniteQueryOptions(
    client: ImcloudClient,
    ...input: [...Input, options?: QueryRequestOptions]
  ): OperationInfiniteQueryOptions<Row>;
  infiniteQueryOptions(
    client: ImcloudClient,
    ...input: [...Skippable<Input>, options?: QueryRequestOptions]
  ): OperationInfiniteQueryOptions<Row, PageFetcher<Row> | SkipToken>;
}

/** The pages' rows as one list, each once: `select: allRows` of an infinite query. */
export const allRows = <Row extends object>(data: InfiniteData<{ data: Row[] }, unknown>): Row[] => {
  const { pages } = Object(data) as Partial<typeof data>;
  if (!Array.isArray(pages)) throw new TypeError("allRows needs the data of an infinite query: { pages }.");
  return distinctRows(pages.flatMap((page) => page.data));
};

/** One page, by a loop that goes on after another. */
async function readPage<Row>(list: PagePromise<Row>, after: ListCursor | null): Promise<ListPage<Row>> {
  const pages = list.pages(after ? { after } : {});
  try {
    const { value } = await pages.next();
    return value ?? { data: [], total: undefined, cursor: undefined };
  } finally {
    await pages.return();
  }
}

/** Makes options of queries from a method of the client that lists. */
export function listOperation<Input extends readonly unknown[], Row>(
  resource: string,
  name: string,
  shape: InputShape,
  method: (client: ImcloudClient) => (...input: never[]) => PagePromise<Row>,
): ListOperation<Input, Row> {
  const single = queryOperation<Input, PageData<Row>>(resource, name, shape, method);
  const infiniteKey = (given: readonly unknown[]) => {
    const split = splitArguments(shape, given);
    const key = keyOf(single.key, split, shape);
    return (split.skip ? key : [...key, "infinite"]) as DataTag<OperationKey, InfinitePages<Row>, DefaultError>;
  };
  return {
    ...single,
    infiniteQueryKey: (...input) => infiniteKey(input),
    infiniteQueryOptions(client: ImcloudClient, ...given: unknown[]) {
      checkClient(resource, name, client);
      const { input, options, skip } = splitArguments(shape, given);
      const fetch: PageFetcher<Row> = ({ signal, pageParam }) =>
        readPage(callMethod(method, client, input, { ...options, signal }) as PagePromise<Row>, pageParam);
      return {
        queryKey: infiniteKey(given),
        queryFn: (skip ?? fetch) as PageFetcher<Row>,
        retry: false as const,
        initialPageParam: null,
        getNextPageParam: ({ cursor }) => cursor ?? null,
      };
    },
  };
}
