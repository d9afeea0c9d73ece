import type { Report } from "@imcloud/spec";
import { apiError } from "../errors/api-error.ts";
import { ConnectionError, MarketplaceError, TimeoutError } from "../errors/errors.ts";
import type { Fetch } from "../pipeline/fetch.ts";
import { isBrowser } from "../pipeline/headers.ts";
import { type RetryPolicy, withRetry } from "../pipeline/retry.ts";
import type { Outgoing, Send } from "../pipeline/send.ts";
import { within } from "../pipeline/time.ts";
import { isRefused } from "../pipeline/transport.ts";

/** How to download a report. */
export interface DownloadOptions {
  /** Ends the download; it then rejects with the signal's reason. */
  signal?: AbortSignal;
  /** Milliseconds without a single byte until it fails with a {@link TimeoutError}; the client's unless set, 0 for no limit. */
  timeout?: number;
  /** Told after each piece. */
  onProgress?: (progress: Progress) => void;
}

/** How far a download is. */
export interface Progress {
  /** Bytes that have come. */
  bytes: number;
  /** Bytes that are to come in all, where the server tells. */
  total: number | undefined;
}

/** A file on its way. Loop over it once for its pieces, or write it to a file. */
export interface Download extends AsyncIterable<Uint8Array> {
  /** Bytes that are to come in all, where the server tells. */
  total: number | undefined;
  /** For example `text/csv`. */
  contentType: string | undefined;
  /**
   * Writes the file, in Node, Bun and Deno. It has its name only when it is whole; a file of that name is replaced.
   * @throws as the loop does, and what the file system says
   */
  toFile(path: string): Promise<void>;
}

/** What a storage host answers with when a signed link has ended. */
const ENDED = [401, 403, 404, 410];

const WHAT = "the download";
const late = () => new TimeoutError(`Nothing of ${WHAT} came in time.`);

/** Nothing of the platform's error is passed on: it may hold the link, which is a secret. */
const broken = (error: unknown) =>
  new ConnectionError(`The connection for ${WHAT} failed.`, undefined, isRefused(error));

/** The client's file system, where the platform has one. Not an import: a bundle for browsers could not resolve it. */
function fileSystem(): typeof import("node:fs/promises") {
  const files = globalThis.process?.getBuiltinModule?.("node:fs/promises");
  if (!files)
    throw new TypeError("toFile needs a file system: Node 20.16 or later, Bun or Deno. Loop over the download.");
  return files;
}

/** Gives the pieces of a body, and lets go of its connection when the loop ends or is left. */
async function* piecesOf(
  body: ReadableStream<Uint8Array> | null,
  total: number | undefined,
  timeout: number,
  connection: AbortController,
  { signal, onProgress }: DownloadOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = body?.getReader();
  let bytes = 0;
  try {
    while (reader) {
      const read = () =>
        reader.read().catch((error: unknown) => {
          throw broken(error);
        });
      const { done, value } = await within(timeout, signal, late, read);
      if (done) return;
      bytes += value.byteLength;
      onProgress?.({ bytes, total });
      yield value;
    }
  } finally {
    reader?.cancel().catch(() => {});
    connection.abort();
  }
}

/** A download as a call: the link, a secret, is in none of it. */
const CALL = { operation: "reports_download", method: "GET", path: "(signed link)", template: "(signed link)" };

interface DownloadParts {
  fetch: Fetch;
  policy: RetryPolicy;
  /** Milliseconds without a byte, unless a download has its own. */
  timeout: number;
  get: (id: string, options: { signal?: AbortSignal }) => Promise<Report>;
  observe: (send: Send) => Send;
}

/** Makes what opens signed links: without the API's headers, a token or cookies, also after a redirect. */
export function createDownload({ fetch, policy, timeout: standardTimeout, get, observe }: DownloadParts) {
  async function open(
    link: string,
    options: DownloadOptions,
  ): Promise<{ response: Response; connection: AbortController }> {
    const { signal, timeout = standardTimeout } = options;
    if (!/^https?:\/\//.test(link) || !URL.canParse(link)) {
      throw new MarketplaceError("The report's download link is no http or https URL.");
    }
    let connection = new AbortController();
    const send = observe(async () => {
      const init: RequestInit = { signal: connection.signal, ...(isBrowser() && { credentials: "omit" }) };
      const response = await within(timeout, signal, late, () =>
        fetch(link, init).catch((error: unknown) => {
          throw broken(error);
        }),
      );
      return { response, text: "" };
    });
    const sendOnce: Send = async (call) => {
      call.attempt += 1;
      call.sentAt = Date.now();
      // What an earlier attempt left open ends here.
      connection.abort();
      connection = new AbortController();
      try {
        return await send(call);
      } catch (error) {
        connection.abort();
        throw error;
      }
    };
    const call: Outgoing = {
      ...CALL,
      url: new URL(link).origin,
      headers: {},
      signal,
      isSafe: true,
      attempt: 0,
    };
    return { response: (await withRetry(sendOnce, policy)(call)).response, connection };
  }

  return async (source: Report | string, options: DownloadOptions = {}): Promise<Download> => {
    const signal = options.signal ? { signal: options.signal } : {};
    const given = typeof source === "string" ? undefined : source;
    const id = given?.id ?? String(source);
    const linkOf = async () => {
      const { downloadUrl, status } = await get(id, signal);
      if (downloadUrl) return downloadUrl;
      throw new MarketplaceError(`Report ${id} has no file to download; it is ${status}.`);
    };
    let opened = await open(given?.downloadUrl ?? (await linkOf()), options);
    if (given?.downloadUrl && ENDED.includes(opened.response.status)) {
      // Links end; the report has a new one.
      opened.connection.abort();
      opened = await open(await linkOf(), options);
    }
    const { response, connection } = opened;
    if (!response.ok) {
      connection.abort();
      throw apiError(CALL, response, { message: `The host of the file refused ${WHAT}.` });
    }
    const length = response.headers.has("content-encoding") ? null : response.headers.get("content-length");
    const total = length === null ? undefined : Number(length);
    const timeout = options.timeout ?? standardTimeout;
    const pieces = piecesOf(response.body, total, timeout, connection, options);
    return {
      total,
      contentType: response.headers.get("content-type") ?? undefined,
      [Symbol.asyncIterator]: () => pieces,
      async toFile(path) {
        const { rename, rm, writeFile } = fileSystem();
        const partial = `${path}.part`;
        try {
          await writeFile(partial, pieces);
          await rename(partial, path);
        } catch (error) {
          await rm(partial, { force: true });
          throw error;
        }
      },
    };
  };
}
