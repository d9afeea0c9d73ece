import { compose, type Middleware } from "../core/pipeline.ts";

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

/** A middleware that forgot to hand back a response fails with a sentence. */
const checked =
  (middleware: Middleware): Middleware =>
  async (request, next) => {
    const fault = (what: string) =>
      new TypeError(`A middleware gave no ${what} to ${request.operation}: it must return what next(request) gives.`);
    const buffered = await middleware(request, async (passed) => {
      if (typeof passed?.url !== "string") throw fault("request");
      return next(passed);
    });
    if (buffered?.response && typeof buffered.text === "string") return buffered;
    throw fault("response");
  };
