/** What a call can set for itself on its way through the pipeline. */
export interface SendOptions {
  /** Milliseconds until the call fails with a {@link TimeoutError}; 0 for no limit. */
  timeout?: number | undefined;
}

/** One stage of the pipeline: takes a request to its response. The innermost one is `fetch`. */
export type Send = (request: Request, options?: SendOptions) => Promise<Response>;
