import { ConnectionError, MarketplaceError, TimeoutError } from "../errors/errors.ts";
import type { Handler, PipelineRequest } from "../pipeline.ts";
import { headerSecrets } from "../secrets/header-secrets.ts";
import type { Fetch } from "./fetch.ts";
import { codeOf, isPlatformTimeout, wasNeverSent } from "./never-sent.ts";
import { readText } from "./read-text.ts";

/** The error for what `fetch` rejects with. The URL stays out of the message, as it can hold a secret. */
function toConnectionError(operation: string, url: string, cause: unknown, options?: ErrorOptions): Error {
  if (isPlatformTimeout((cause ?? {}) as Error)) {
    return new TimeoutError(`The platform's fetch gave up waiting for ${operation}.`, options);
  }
  const { host } = new URL(url);
  return new ConnectionError({ operation, host, code: codeOf(cause), neverSent: wasNeverSent(cause) }, options);
}

/** Characters of the shortest header that is a secret. */
const MIN_SECRET = 8;

/** Values of a failure that are looked through; one that holds more, such as a socket, is not printed. */
const MAX_VALUES = 1_000;

/** What printing an object shows of it. */
function contentsOf(value: object): unknown[] {
  if (ArrayBuffer.isView(value)) return [];
  const kind = Object.prototype.toString.call(value);
  if (/Map|Set|Headers/.test(kind)) return [...(value as Iterable<unknown>)];
  const names = Reflect.ownKeys(value);
  if (/Request|Response/.test(kind)) names.push("headers");
  return names.map((name) => (value as Record<PropertyKey, unknown>)[name]);
}

/** All texts in a failure, which can be anything; `undefined` where it holds too much, or cannot be read. */
function textsOf(failure: unknown): string[] | undefined {
  const values = new Set([failure]);
  try {
    for (const value of values) {
      if (Object(value) === value) for (const inside of contentsOf(value as object)) values.add(inside);
      if (values.size > MAX_VALUES) return undefined;
    }
    return [...values].filter((value) => typeof value === "string");
  } catch {
    return undefined;
  }
}

/** Whether a text has one of some values: short ones are in many by chance. */
const hasAny = (text: string, values: string[]): boolean =>
  values.some((value) => value.length >= MIN_SECRET && text.includes(value));

const isOfHeader = (text: string, headers: Record<string, string>): boolean =>
  /header/i.test(text) && hasAny(text, Object.values(headers));

/**
 * The error for a failure, which is its cause. One that holds a secret of the request, or may, is not printed; the log shows it without
 * secrets. One about a header that no platform can send, which repeats its value, is left out.
 */
function toError({ operation, url, headers }: PipelineRequest, cause: unknown): Error {
  const texts = textsOf(cause);
  const secrets = headerSecrets(headers);
  if (texts && !texts.some((text) => hasAny(text, secrets) || isOfHeader(text, headers)))
    return toConnectionError(operation, url, cause, { cause });
  const error = toConnectionError(operation, url, cause);
  const isLeftOut = texts?.some((text) => isOfHeader(text, headers));
  return isLeftOut ? error : Object.defineProperty(error, "cause", { get: () => cause });
}

/**
 * The end of the pipeline: sends a request by `fetch` and reads its response to the end.
 * @param maxResponseBytes bytes that are read at most
 */
export const createTransport =
  (fetch: Fetch, maxResponseBytes: number): Handler =>
  async (request) => {
    const { method, url, headers, body, signal, state } = request;
    state.response = undefined;
    try {
      // Another host would get the subscription key too; the API is not known to redirect.
      const response = await fetch(url, { method, headers, body, signal, redirect: "manual" } as RequestInit);
      state.response = { response, text: await readText(request, response, maxResponseBytes) };
      return state.response;
    } catch (cause) {
      if (cause instanceof MarketplaceError) throw cause;
      throw toError(request, cause);
    }
  };
