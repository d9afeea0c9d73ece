import type { CallDetails } from "../errors/api-error.ts";
import { onceLoaded } from "../once-loaded.ts";
import type { RetryOptions } from "./retry.ts";

/** A call on its way to the API. One object goes through the whole pipeline, however often the call is sent. */
export interface Outgoing extends CallDetails {
  /** The document's path, or the path itself where the document has none: what calls of a kind have in common. */
  template: string;
  url: string;
  /** By their names in lower case. */
  headers: Record<string, string>;
  body?: string | undefined;
  signal?: AbortSignal | undefined;
  /** Milliseconds for each time that it is sent; 0 for no limit. */
  timeout?: number | undefined;
  retry?: RetryOptions | false | undefined;
  /** When its retries end, by `performance.now()`; `undefined` while it has not failed. */
  giveUpAt?: number | undefined;
  /** It changes nothing, so that it may be sent again whatever became of it. */
  isSafe: boolean;
  /** How often it was sent. */
  attempt: number;
  /** When it was last sent, in milliseconds since 1970; `undefined` while it certainly did not leave. */
  sentAt?: number | undefined;
}

/** An answer with its body, read to the end. */
export interface Answer {
  response: Response;
  text: string;
}

/** One stage of the pipeline: takes a call to its answer. */
export type Send = (call: Outgoing) => Promise<Answer>;

/** A stage whose code is loaded at its first call. */
export function loaded(load: () => Promise<Send>): Send {
  const stage = onceLoaded(load);
  return async (call) => (await stage())(call);
}
