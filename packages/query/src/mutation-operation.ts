import type { ImcloudClient } from "@imcloud/client";
import type { DefaultError, MutationFunctionContext, QueryClient } from "@tanstack/query-core";
import { checkClient, checkGiven, KEY_ROOT, type OperationKey, type ScopeOptions, scopedKey } from "./keys.ts";

/** What {@link MutationOperation.mutationOptions} gives: for `useMutation` and all else that takes a mutation's options. */
export interface OperationMutationOptions<Data, Variables> {
  mutationKey: OperationKey;
  mutationFn: (variables: Variables) => Promise<Data>;
  /** The client tries again what may be sent again. */
  retry: false;
  /** Milliseconds that the mutation is kept with its variables. @defaultValue 300_000, and 0 for what sends a secret */
  gcTime?: number;
  /**
   * Invalidates what the operation may have changed, and does not wait until it is there again. `onSuccess` and `onError` are free for
   * callbacks of your own. With an `onSettled` of your own, call {@link MutationOperation.invalidate} in it.
   */
  onSettled: (
    data: Data | undefined,
    error: DefaultError | null,
    variables: Variables,
    onMutateResult: unknown,
    context: MutationFunctionContext,
  ) => void;
}

/** An operation that writes, as options of a mutation. */
export interface MutationOperation<Variables, Data, Options> {
  readonly key: OperationKey;
  /** The keys of what it may change. */
  readonly invalidates: readonly OperationKey[];
  /**
   * Marks what it may have changed as stale, so that what is on the screen is fetched again.
   * @param options whose data it is, as in the keys of the queries
   */
  invalidate(queryClient: QueryClient, options?: ScopeOptions): Promise<void>;
  /**
   * Options of a mutation. They are plain data and functions: spread them to add others.
   * @param options for each of its calls, and whose data it changes
   */
  mutationOptions(client: ImcloudClient, options?: Options & ScopeOptions): OperationMutationOptions<Data, Variables>;
}

/** Whether something may have changed although the call failed: not when it was refused, or never left. */
function mayHaveChanged(error: unknown): boolean {
  const { status, neverSent } = Object(error) as { status?: unknown; neverSent?: unknown };
  const isRefused = typeof status === "number" && status >= 400 && status < 500;
  return !isRefused && neverSent !== true && !(error instanceof TypeError);
}

/** Makes options of mutations from what a client can do. */
export function mutationOperation<Variables, Data, Options>(
  resource: string,
  name: string,
  invalidates: readonly OperationKey[],
  run: (client: ImcloudClient, variables: Variables, options: Options | undefined) => PromiseLike<Data>,
  gcTime?: number,
): MutationOperation<Variables, Data, Options> {
  const key: OperationKey = [KEY_ROOT, resource, name];
  const what = `${resource}.${name}`;
  const invalidate = async (queryClient: QueryClient, options: ScopeOptions = {}): Promise<void> => {
    checkGiven(`${what}.invalidate`, options);
    const { scope } = options;
    if (typeof Object(queryClient).invalidateQueries !== "function") {
      throw new TypeError(`${what}.invalidate needs a QueryClient.`);
    }
    const keys = invalidates.map((each) => scopedKey(each, scope));
    await Promise.all(keys.map((queryKey) => queryClient.invalidateQueries({ queryKey })));
  };
  return {
    key,
    invalidates,
    invalidate,
    mutationOptions(client, given = {} as Options & ScopeOptions) {
      checkClient(resource, name, client);
      checkGiven(what, given);
      const { scope, ...options } = given;
      return {
        mutationKey: scopedKey(key, scope),
        mutationFn: async (variables) => run(client, variables, options as Options),
        retry: false,
        ...(gcTime !== undefined && { gcTime }),
        onSettled(_data, error, _variables, _onMutateResult, { client: queryClient }) {
          // What fails while it is fetched again is shown by its own query.
          if (error === null || mayHaveChanged(error)) {
            void invalidate(queryClient, scope === undefined ? {} : { scope });
          }
        },
      };
    },
  };
}
