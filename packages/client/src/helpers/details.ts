import { abortSignal, callable, checkOptions, type Rules, wholeNumber } from "@imcloud/options";
import { abortReason, onAbort } from "../core/abort.ts";
import {
  AuthenticationError,
  DetailsError,
  type DetailsFailure,
  MarketplaceError,
  QuotaExceededError,
} from "../core/errors/errors.ts";
import type { PagePromise } from "../core/lists/pages.ts";
import { createProgress, type OnListProgress } from "../core/lists/progress.ts";
import { isPrecise } from "../core/lists/seen-rows.ts";

/** Options of `details`. */
export interface DetailsOptions {
  /** Ends the reading. The loop then throws the signal's reason. */
  signal?: AbortSignal | undefined;
  /**
   * Calls under way at a time, inside the rate limit.
   * @defaultValue 5
   */
  concurrency?: number | undefined;
  /**
   * Called for each thing that could not be read, when the loop reaches it. Without it, the loop throws one error for all of them at its
   * end.
   */
  onFailure?: ((failure: DetailsFailure) => void) | undefined;
  /** Called after each thing, also one that could not be read: with how many are done, of how many, and how long the rest will take. */
  onProgress?: OnListProgress | undefined;
}

/** What {@link DetailsOptions} must be. */
const DETAILS_RULES: Rules<DetailsOptions> = {
  signal: abortSignal,
  concurrency: wholeNumber(1),
  onFailure: callable,
  onProgress: callable,
};

/** Failures that all further calls would meet too. */
const isFatal = (error: unknown) => error instanceof AuthenticationError || error instanceof QuotaExceededError;

/**
 * Gets each row of a list, several at a time, and yields the details in the list's order.
 * @throws {@link DetailsError} at the end, with what could not be read, unless `onFailure` takes it
 * @throws at once what all further calls would fail by too: {@link AuthenticationError}, {@link QuotaExceededError}, an abort's reason
 */
export async function* details<Details>(
  rows: PagePromise<{ id: string }>,
  get: (id: string, options: { signal: AbortSignal }) => Promise<Details>,
  options: DetailsOptions,
): AsyncGenerator<Details, void, undefined> {
  checkOptions(DETAILS_RULES, options, "details");
  const { signal: outer, concurrency = 5, onFailure, onProgress } = options;
  const failures: DetailsFailure[] = [];
  const report = onFailure ?? ((failure: DetailsFailure) => failures.push(failure));
  const left = new AbortController();
  const { signal } = left;
  const abort = () => left.abort(abortReason(outer));
  const unfollow = onAbort(outer, abort);
  if (outer?.aborted) abort();

  type Result = { details: Details } | DetailsFailure;
  const underWay: Promise<Result>[] = [];
  const read = async (id: unknown): Promise<Result> => {
    try {
      // Under an id that was rounded there is another thing.
      if (!isPrecise(id)) throw new MarketplaceError("The row's id is missing, or was rounded when it was parsed.");
      return { details: await get(String(id), { signal }) };
    } catch (error) {
      return { id: String(id), error };
    }
  };
  let total: number | undefined;
  let done = 0;
  const tell = createProgress(onProgress);
  async function* first(): AsyncGenerator<Details, void, undefined> {
    const result = (await underWay.shift()) as Result;
    if ("details" in result) {
      yield result.details;
    } else {
      if (signal.aborted) throw abortReason(outer);
      if (isFatal(result.error)) throw result.error;
      report(result);
    }
    tell(++done, total);
  }

  let listFailure: { error: unknown } | undefined;
  // What is under way when the list fails is still given.
  async function* rowsToTheEnd(): AsyncGenerator<{ id: unknown }, void, undefined> {
    try {
      yield* rows.withProgress((list) => {
        total = list.total;
      });
    } catch (error) {
      listFailure = { error };
    }
  }

  try {
    for await (const { id } of rowsToTheEnd()) {
      underWay.push(read(id));
      if (underWay.length >= concurrency) yield* first();
    }
    while (underWay.length) yield* first();
    if (failures.length > 0) throw new DetailsError(failures, listFailure);
    if (listFailure) throw listFailure.error;
  } finally {
    unfollow();
    left.abort();
  }
}
