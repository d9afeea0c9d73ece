import type { ImcloudClient, RequestOptions } from "@imcloud/client";
import type { DataTag, DefaultError, SkipToken } from "@tanstack/query-core";
import {
  checkClient,
  type InputShape,
  KEY_ROOT,
  keyOf,
  type OperationKey,
  type ScopeOptions,
  type Skippable,
  splitArguments,
} from "./keys.ts";

/** Options of a query's call, and whose data it is. Its signal is TanStack Query's, which aborts it when nobody needs it any more. */
export type QueryRequestOptions = Omit<RequestOptions, "signal"> & ScopeOptions;

/** Fetches the data of a query. It uses only what every framework's context has. */
export type Fetcher<Data> = (context: { signal: AbortSignal }) => Promise<Data>;

/** What {@link QueryOperation.queryOptions} gives: for `useQuery`, `prefetchQuery` and all else that takes a query's options. */
export interface OperationQueryOptions<Data, Fetch = Fetcher<Data>> {
  queryKey: DataTag<OperationKey, Data, DefaultError>;
  queryFn: Fetch;
  /** The client has tried again already, at the pace that the API allows. */
  retry: false;
}

/** An operation that reads, as options of a query. */
export interface QueryOperation<Input extends readonly unknown[], Data> {
  /** Above all keys of the operation, for example for `invalidateQueries`. */
  readonly key: OperationKey;
  /**
   * The key of some input's data, for example for `getQueryData`.
   * @param input what the client's method takes, then the scope where there is one
   */
  queryKey(...input: [...Input, options?: ScopeOptions]): DataTag<OperationKey, Data, DefaultError>;
  /**
   * Options of a query. They are plain data and functions: spread them to add others.
   * @param input what the client's method takes; `skipToken` for what is not known yet
   */
  queryOptions(client: ImcloudClient, ...input: [...Input, options?: QueryRequestOptions]): OperationQueryOptions<Data>;
  queryOptions(
    client: ImcloudClient,
    ...input: [...Skippable<Input>, options?: QueryRequestOptions]
  ): OperationQueryOptions<Data, Fetcher<Data> | SkipToken>;
}

/** Any method of a client. */
export type ClientMethod = (client: ImcloudClient) => (...input: never[]) => PromiseLike<unknown>;

/** Calls a method of a client with input and options. */
export const callMethod = (
  method: (client: ImcloudClient) => (...input: never[]) => unknown,
  client: ImcloudClient,
  input: unknown[],
  options: RequestOptions,
): unknown => method(client)(...([...input, options] as never[]));

/** Data as it is kept: a page is plain, without what fetches the next. */
const plain = (data: unknown): unknown => (Object.hasOwn(Object(data), "next") ? { ...(data as object) } : data);

/** Makes options of queries from a method of the client. */
export function queryOperation<Input extends readonly unknown[], Data>(
  resource: string,
  name: string,
  shape: InputShape,
  method: (client: ImcloudClient) => (...input: never[]) => PromiseLike<unknown>,
): QueryOperation<Input, Data> {
  const key: OperationKey = [KEY_ROOT, resource, name];
  return {
    key,
    queryKey: (...input) =>
      keyOf(key, splitArguments(shape, input), shape) as DataTag<OperationKey, Data, DefaultError>,
    queryOptions(client: ImcloudClient, ...given: unknown[]) {
      checkClient(resource, name, client);
      const split = splitArguments(shape, given);
      const fetch: Fetcher<Data> = async ({ signal }) =>
        plain(await callMethod(method, client, split.input, { ...split.options, signal })) as Data;
      return {
        queryKey: keyOf(key, split, shape) as DataTag<OperationKey, Data, DefaultError>,
        queryFn: (split.skip ?? fetch) as Fetcher<Data>,
        retry: false as const,
      };
    },
  };
}
