import { abortSignal, callable, checkOptions, LONGEST_TIMEOUT, milliseconds, type Rules, text } from "@imcloud/options";
import type { Report } from "@imcloud/spec";
import { abortReason, onAbort } from "../core/abort.ts";
import { toApiError } from "../core/errors/api-error.ts";
import { ConnectionError, isMarketplaceError, MarketplaceError, TimeoutError } from "../core/errors/errors.ts";
import { compose, type Handler, type Middleware, type PipelineRequest } from "../core/pipeline.ts";
import { isBrowser } from "../core/platform.ts";
import { within } from "../core/time.ts";
import type { Fetch } from "../core/transport/fetch.ts";
import { codeOf, wasNeverSent } from "../core/transport/never-sent.ts";
import { isInsecure, isPrivate } from "../core/transport/private-host.ts";
import { type RetryPolicy, retry } from "../middleware/retry.ts";
import { writeWhole } from "./write-whole.ts";

/** Options of `reports.download`. */
export interface DownloadOptions {
  /** Ends the download, which then rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
  /**
   * Milliseconds without a single byte, or without anybody reading, until it fails with a {@link TimeoutError}; 0 for no limit.
   * @defaultValue the client's `timeout`
   */
  timeout?: number | undefined;
  /** Called after each chunk. */
  onProgress?: ((progress: Progress) => void) | undefined;
}

/** What {@link DownloadOptions} must be. */
const DOWNLOAD_RULES: Rules<DownloadOptions> = { signal: abortSignal, timeout: milliseconds, onProgress: callable };

/** How far a download is. */
export interface Progress {
  /** Bytes that have come. */
  bytes: number;
  /** Bytes that are to come in all, where the server tells. */
  total: number | undefined;
}

/**
 * A file that is being downloaded. Its bytes come once: loop over its chunks, or write it to a file. Cancel a download that you do not
 * read, or open it with `await using`. A download that nobody reads closes its connection after the `timeout`.
 */
export interface Download extends AsyncIterable<Uint8Array>, AsyncDisposal {
  /** Bytes that are to come in all, where the server tells. */
  total: number | undefined;
  /** For example `text/csv`. */
  contentType: string | undefined;
  /** Whether it was read or canceled, or is being read. It cannot be read again: open another download. */
  readonly bodyUsed: boolean;
  /**
   * Writes the file, in Node, Bun and Deno. It has its name only when it is whole and on the disk; a file of that name is replaced, and
   * its permissions are kept. A new one can be read by its owner alone.
   * @throws {@link ConnectionError} and {@link TimeoutError} as the loop does, and {@link Error} from the file system
   */
  toFile(path: string): Promise<void>;
  /** Cancels the download and closes its connection. Does nothing once it was read. */
  cancel(): Promise<void>;
}

/** `[Symbol.asyncDispose]`, for `await using`, in the types of a project that has it among its own. */
export type AsyncDisposal = {
  [Name in SymbolConstructor[keyof SymbolConstructor & "asyncDispose"]]: () => Promise<void>;
};

/** Statuses of a storage host for a signed link that has expired. */
const EXPIRED = [401, 403, 404, 410];

const late = () => new TimeoutError("Nothing of the download came in time.");

/** Nothing of the platform's error is passed on: it may hold the link, which is a secret. */
const broken = (host: string, error: unknown) =>
  new ConnectionError({ operation: CALL.operation, host, code: codeOf(error), neverSent: wasNeverSent(error) });

/** The host of a link; `undefined` where it is not an http or https URL. */
function hostOf(link: string): string | undefined {
  try {
    return /^https?:\/\//.test(link) ? new URL(link).host : undefined;
  } catch {
    return undefined;
  }
}

/** Statuses with which a host sends on to another address. */
const REDIRECTS = [301, 302, 303, 307, 308];
const MAX_REDIRECTS = 5;

/** The length of a file that is not compressed; `undefined` where it is not sent, or sent with two values. */
function lengthOf(headers: Headers): number | undefined {
  if (!/^\s*(identity\s*)?$/i.test(headers.get("content-encoding") ?? "")) return undefined;
  // A proxy may repeat it.
  const lengths = new Set((headers.get("content-length") ?? "").split(",").map((length) => length.trim()));
  const [length = ""] = lengths;
  return lengths.size === 1 && /^\d+$/.test(length) ? Number(length) : undefined;
}

/** What a body is read with. */
interface BodyParts {
  body: ReadableStream<Uint8Array>;
  host: string;
  connection: AbortController;
  total: number | undefined;
  contentType: string | undefined;
  /** Milliseconds without a byte, or without anybody reading; 0 for no limit. */
  timeout: number;
  options: DownloadOptions;
}

class OpenDownload implements Download {
  readonly total: number | undefined;
  readonly contentType: string | undefined;
  readonly #parts: BodyParts;
  readonly #unfollow: () => void;
  #isUsed = false;
  /** Why it can be read no further. */
  #ending: unknown;
  #idle: ReturnType<typeof setTimeout> | undefined;

  constructor(parts: BodyParts) {
    this.total = parts.total;
    this.contentType = parts.contentType;
    this.#parts = parts;
    const { signal } = parts.options;
    this.#unfollow = onAbort(signal, () => this.#end(abortReason(signal)));
    // It may have been aborted after the response came, when nobody followed it.
    if (signal?.aborted) this.#end(abortReason(signal));
    else this.#waitForReader();
  }

  get bodyUsed(): boolean {
    return this.#isUsed;
  }

  [Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    this.#use();
    return this.#chunks();
  }

  async toFile(path: string): Promise<void> {
    text(path, "The path of toFile");
    this.#use();
    try {
      await writeWhole(path, this.#chunks());
    } finally {
      // Where the file could not be opened, nothing was read.
      await this.cancel();
    }
  }

  async cancel(): Promise<void> {
    this.#isUsed = true;
    this.#end(new MarketplaceError("The download was canceled."));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.cancel();
  }

  #use(): void {
    if (this.#isUsed)
      throw new TypeError("This download was read or canceled already: open another one to read it again.");
    this.#isUsed = true;
  }

  #waitForReader(): void {
    const { timeout } = this.#parts;
    if (!timeout) return;
    const message = `The download was given up: nobody read it for ${timeout} ms.`;
    this.#idle = setTimeout(() => this.#end(new TimeoutError(message)), Math.min(timeout, LONGEST_TIMEOUT));
    // Node alone: nothing waits for it.
    (this.#idle as { unref?: () => void }).unref?.();
  }

  #end(reason: unknown): void {
    this.#ending ??= reason;
    clearTimeout(this.#idle);
    const { body, connection } = this.#parts;
    this.#unfollow();
    // Also for a `fetch` that ignores its signal. While it is read, its reader ends it.
    if (!body.locked) body.cancel().catch(() => {});
    connection.abort();
  }

  /** Yields the chunks, and closes the connection when the loop ends or is left. */
  async *#chunks(): AsyncGenerator<Uint8Array, void, undefined> {
    const { body, total, timeout, options, host, connection } = this.#parts;
    if (this.#ending) throw this.#ending;
    const reader = body.getReader();
    let bytes = 0;
    try {
      for (;;) {
        clearTimeout(this.#idle);
        const read = () =>
          reader.read().catch((error: unknown) => {
            throw this.#ending ?? broken(host, error);
          });
        // Also where the `fetch` ignores its signal.
        const { done, value } = await within(timeout, connection.signal, late, read).catch((error: unknown) => {
          throw this.#ending ?? error;
        });
        if (this.#ending) throw this.#ending;
        if (done) break;
        // Not instanceof: it can be of another realm.
        if (Object.prototype.toString.call(value) !== "[object Uint8Array]")
          throw new TypeError(
            `A chunk of the download is not a Uint8Array but ${typeof value}: the fetch gave no bytes.`,
          );
        bytes += value.byteLength;
        options.onProgress?.({ bytes, total });
        this.#waitForReader();
        yield value;
      }
      // A browser checks it itself, and hides whether the length is that of a compressed file.
      if (total !== undefined && bytes !== total && !isBrowser()) {
        const code = `ended after ${bytes} of ${total} bytes`;
        throw new ConnectionError({ operation: CALL.operation, host, code, neverSent: false });
      }
    } finally {
      reader.cancel().catch(() => {});
      this.#end(undefined);
    }
  }
}

/** A download as a call: the link, a secret, is in none of it. */
const CALL = { operation: "reports_download", method: "GET", path: "(signed link)", template: "(signed link)" };

interface DownloadParts {
  /** Base URL of the API that gives the links. */
  baseUrl: string;
  /** Whether files may come over http or from private addresses though the API does not. */
  allowInsecure: boolean | undefined;
  fetch: Fetch;
  policy: RetryPolicy;
  /** Milliseconds without a byte, for downloads that do not set their own. */
  timeout: number;
  get: (id: string, options: { signal?: AbortSignal | undefined }) => Promise<Report>;
  /** Middleware that observes each attempt: the logger, the tracer. */
  observers: Middleware[];
}

/** Makes what opens signed links: without the API's headers, a token or cookies, also after a redirect. */
export function createDownload(parts: DownloadParts) {
  const { baseUrl, allowInsecure, fetch, policy, timeout: defaultTimeout, get, observers } = parts;

  /** Refuses a link that leads from an API on the internet to a host which only this machine can reach, or where others can listen. */
  function checkLink(link: string): void {
    if (hostOf(link) === undefined)
      throw new MarketplaceError("The report's download link is not an http or https URL.");
    const isOpen = /^https:/.test(baseUrl) && isInsecure(link);
    if (allowInsecure || !(isOpen || (isPrivate(link) && !isPrivate(baseUrl)))) return;
    throw new MarketplaceError(
      `The report's file is ${isOpen ? "on a host without https" : "at a private address"}, and the API is not: see allowInsecure.`,
    );
  }

  /** Follows redirects by itself, to see where they lead. A browser hides that, and protects its own network. */
  async function fetchChecked(link: string, signal: AbortSignal): Promise<Response> {
    if (isBrowser()) return fetch(link, { signal, credentials: "omit" });
    let address = link;
    for (let redirects = 0; ; redirects++) {
      checkLink(address);
      const response = await fetch(address, { signal, redirect: "manual" });
      const location = REDIRECTS.includes(response.status) && response.headers.get("location");
      if (!location || redirects === MAX_REDIRECTS) return response;
      response.body?.cancel().catch(() => {});
      address = new URL(location, address).href;
    }
  }

  async function open(
    link: string,
    options: DownloadOptions,
  ): Promise<{ response: Response; connection: AbortController; host: string }> {
    const { signal, timeout = defaultTimeout } = options;
    checkLink(link);
    const { host } = new URL(link);
    let connection = new AbortController();
    const fetchFile = compose(observers, async () => {
      const response = await within(timeout, signal, late, () =>
        fetchChecked(link, connection.signal).catch((error: unknown) => {
          throw isMarketplaceError(error) ? error : broken(host, error);
        }),
      );
      return { response, text: "" };
    });
    const attempt: Handler = async (request) => {
      request.state.attempt += 1;
      request.state.sentAt = Date.now();
      // What an earlier attempt left open ends here.
      connection.abort();
      connection = new AbortController();
      try {
        return await fetchFile(request);
      } catch (error) {
        connection.abort();
        throw error;
      }
    };
    const request: PipelineRequest = {
      ...CALL,
      url: new URL(link).origin,
      headers: {},
      signal,
      isSafe: true,
      state: { attempt: 0 },
    };
    return { response: (await compose([retry(policy)], attempt)(request)).response, connection, host };
  }

  return async (source: Report | string, options: DownloadOptions = {}): Promise<Download> => {
    checkOptions(DOWNLOAD_RULES, options, "download");
    const signal = options.signal ? { signal: options.signal } : {};
    const given = typeof source === "string" ? undefined : source;
    const named: unknown = typeof source === "string" ? source : source?.id;
    const id = Number.isSafeInteger(named) ? String(named) : (named as string);
    text(id, "The report of reports.download, or its id,");
    const linkOf = async () => {
      const { downloadUrl, status } = await get(id, signal);
      if (downloadUrl) return downloadUrl;
      throw new MarketplaceError(`Report ${id} has no file to download; it is ${status}.`);
    };
    let opened = await open(given?.downloadUrl ?? (await linkOf()), options);
    if (given?.downloadUrl && EXPIRED.includes(opened.response.status)) {
      // Links expire; the report has a new one.
      opened.connection.abort();
      opened = await open(await linkOf(), options);
    }
    const { response, connection, host } = opened;
    // Nothing, nothing yet, or a part of it, was not asked for.
    if (!response.ok || [202, 204, 205, 206].includes(response.status)) {
      connection.abort();
      throw toApiError(CALL, response, { message: "The host of the file refused the download." });
    }
    if (typeof response.body?.getReader !== "function") {
      connection.abort();
      throw new MarketplaceError("The host of the file gave a response without a body to read.");
    }
    return new OpenDownload({
      body: response.body,
      connection,
      host,
      total: lengthOf(response.headers),
      contentType: response.headers.get("content-type") ?? undefined,
      timeout: options.timeout ?? defaultTimeout,
      options,
    });
  };
}
