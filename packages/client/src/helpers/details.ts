import { AuthenticationError, DetailsError, type DetailsFailure, QuotaExceededError } from "../core/errors.ts";

/** Options of `details`. */
export interface DetailsOptions {
  /** Ends the reading. The loop then throws the signal's reason. */
  signal?: AbortSignal | undefined;
  /**
   * Calls under way at a time, inside the rate limit.
   * @defaultValue 5
   */
  concurrency?: number | undefined;
  /** Told of each thing that could not be read, as the loop comes to it. Without it the loop throws them all at its end. */
  onFailure?: ((failure: DetailsFailure) => void) | undefined;
}

/** Failures that all further calls would meet too. */
const isFatal = (error: unknown) => error instanceof AuthenticationError || error instanceof QuotaExceededError;

/**
 * Gets each row of a list, several at a time, and gives the details in the list's order as they come.
 * @throws {@link DetailsError} at the end, with what could not be read, unless `onFailure` takes it
 * @throws at once what all further calls would fail by too: {@link AuthenticationError}, {@link QuotaExceededError}, an abort's reason
 */
export async function* details<Details>(
  rows: AsyncIterable<{ id: string }>,
  get: (id: string, options: { signal: AbortSignal }) => Promise<Details>,
  { signal: outer, concurrency = 5, onFailure }: DetailsOptions,
): AsyncGenerator<Details, void, undefined> {
  const failures: DetailsFailure[] = [];
  const report = onFailure ?? ((failure: DetailsFailure) => failures.push(failure));
  const left = new AbortController();
  const { signal } = left;
  const abort = () => left.abort(outer?.reason);
  outer?.addEventListener("abort", abort);
  if (outer?.aborted) abort();

  type Result = { details: Details } | DetailsFailure;
  const underWay: Promise<Result>[] = [];
  const read = (id: string): Promise<Result> =>
    get(id, { signal }).then(
      (read) => ({ details: read }),
      (error: unknown) => ({ id, error }),
    );
  async function* first(): AsyncGenerator<Details, void, undefined> {
    const result = (await underWay.shift()) as Result;
    if ("details" in result) {
      yield result.details;
      return;
    }
    if (signal.aborted) throw signal.reason;
    if (isFatal(result.error)) throw result.error;
    report(result);
  }

  try {
    for await (const { id } of rows) {
      underWay.push(read(String(id)));
      if (underWay.length >= concurrency) yield* first();
    }
    while (underWay.length) yield* first();
    if (failures.length) throw new DetailsError(failures);
  } finally {
    outer?.removeEventListener("abort", abort);
    left.abort(new DOMException("The loop was left.", "AbortError"));
  }
}
