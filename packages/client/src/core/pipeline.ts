import type { RetryOptions } from "./request-options.ts";

/** What is known of a call before its response. */
export interface CallDetails {
  /** Id of the operation in the document, or `METHOD /path` where it has none. */
  operation: string;
  method: string;
  /** Path below the base URL, with its values and without its query. */
  path: string;
}

/** What has become of a call so far. */
export interface CallState {
  /** Times that the call was sent. */
  attempt: number;
  /** When it was last sent, in milliseconds since 1970; `undefined` while it certainly did not leave. */
  sentAt?: number | undefined;
  /** The last response, also where a middleware failed after it. */
  response?: BufferedResponse | undefined;
  /** When its retries end, by `performance.now()`; `undefined` while it has not failed. */
  giveUpAt?: number | undefined;
}

/** A call on its way to the API. A middleware that changes something hands on a copy. */
export interface PipelineRequest extends CallDetails {
  /** The document's path, or the path itself where the document has none: what calls of a kind have in common. */
  template: string;
  url: string;
  /** By their names in lower case. */
  headers: Record<string, string>;
  body?: string | undefined;
  signal?: AbortSignal | undefined;
  /** Milliseconds for each attempt; 0 for no limit, `undefined` for the client's. */
  timeout?: number | undefined;
  /** Milliseconds for each wait before it is sent: for a token, and for its place under the limit. Where the call has a timeout. */
  waitTimeout?: number | undefined;
  /** In place of the client's. */
  retry?: RetryOptions | false | undefined;
  /** It changes nothing, so that it may be sent again whatever became of it. */
  isSafe: boolean;
  /** Shared by all copies of the request. */
  readonly state: CallState;
}

/** A response with its body, read to the end. */
export interface BufferedResponse {
  /** Status and headers. */
  response: Response;
  text: string;
}

/** Takes a request to its response. */
export type Handler = (request: PipelineRequest) => Promise<BufferedResponse>;

/** One step on the way of a request: does something before or after `next`, or in its place. */
export type Middleware = (request: PipelineRequest, next: Handler) => Promise<BufferedResponse>;

/** Puts middleware around a handler. The first one is the outermost. */
export const compose = (middleware: readonly Middleware[], handler: Handler): Handler =>
  middleware.reduceRight<Handler>((next, each) => (request) => each(request, next), handler);
