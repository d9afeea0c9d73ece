import { abortSignal } from "@imcloud/options";
import { mergeHeaders } from "../core/calls/merge-headers.ts";
import { mayBeDone } from "../core/calls/outcome.ts";
import { compose, type Middleware, type PipelineRequest } from "../core/pipeline.ts";
import { isResponse } from "../core/transport/fetch.ts";

/** Where a middleware of `use` is put. */
export interface UseOptions {
  /**
   * `"call"`: around the whole call, with its retries and its wait for the rate limit. `"attempt"`: around each time that it is sent,
   * inside both; there it sees what is really sent, tokens included, also of sign-ins.
   * @defaultValue "call"
   */
  around?: "call" | "attempt" | undefined;
}

/** Runs middleware that is added later. The first that was added is the outermost. */
export const userMiddleware =
  (added: readonly Middleware[]): Middleware =>
  (request, next) =>
    added.length ? compose(added.map(checked), next)(request) : next(request);

/**
 * The headers that a middleware hands on, by their names in lower case: `Accept` beside `accept` would be sent as one header of two values,
 * and a `Headers` has no fields to copy. Jest's environment for jsdom has no such class.
 */
const headersOf = ({ operation, headers }: PipelineRequest, passed: PipelineRequest["headers"] = headers) =>
  globalThis.Headers ? mergeHeaders(operation, passed) : passed;

/** A middleware that forgot something, or hands on what cannot be sent, fails with a sentence. */
const checked =
  (middleware: Middleware): Middleware =>
  async (request, next) => {
    const { operation, isSafe, state } = request;
    const fault = (what: string) =>
      new TypeError(`A middleware gave no ${what} to ${operation}: it must return what next(request) gives.`);
    let isSpent = false;
    const buffered = await middleware(request, async (passed) => {
      if (typeof passed?.url !== "string" || !passed.state) throw fault("request");
      // As everywhere, undefined is not given.
      const { signal = request.signal, body } = passed;
      if (signal !== undefined) abortSignal(signal, `The signal that a middleware gave to ${operation}`);
      if (body !== undefined && typeof body !== "string")
        throw new TypeError(`A middleware gave a body to ${operation} that is no text, such as JSON.stringify gives.`);
      const headers = headersOf(request, passed.headers);
      if (isSpent)
        throw new TypeError(`A middleware sent ${operation} again, which may have been done: a write is sent once.`);
      // Also while it is under way.
      isSpent = !isSafe;
      let failure: unknown;
      try {
        // The call's own, also where all of it was copied: by these it is known whether it has left, and may be sent again.
        const isStillSafe = isSafe && passed.isSafe !== false && passed.method === request.method;
        return await next({ ...passed, headers, signal, isSafe: isStillSafe, state });
      } catch (error) {
        failure = error;
        throw error;
      } finally {
        isSpent = mayBeDone(request, failure);
      }
    });
    if (buffered && isResponse(buffered.response) && typeof buffered.text === "string") return buffered;
    throw fault("response");
  };
