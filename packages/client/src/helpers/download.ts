import type { Report } from "@imcloud/spec";
import { toApiError } from "../core/api-error.ts";
import { ConnectionError, MarketplaceError, TimeoutError } from "../core/errors.ts";
import type { Fetch } from "../core/fetch.ts";
import { wasNeverSent } from "../core/never-sent.ts";
import { compose, type Handler, type Middleware, type PipelineRequest } from "../core/pipeline.ts";
import { isBrowser } from "../core/platform.ts";
import { within } from "../core/time.ts";
import { type RetryPolicy, retry } from "../middleware/retry.ts";

/** Options of `reports.download`. */
export interface DownloadOptions {
  /** Ends the download, which then rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
  /** Milliseconds without a single byte until it fails with a {@link TimeoutError}, in place of the client's; 0 for no limit. */
  timeout?: number | undefined;
  /** Told after each chunk. */
  onProgress?: ((progress: Progress) => void) | undefined;
}

/** How far a download is. */
export interface Progress {
  /** Bytes that have come. */
  bytes: number;
  /** Bytes that are to come in all, where the server tells. */
  total: number | undefined;
}

/** A file on its way. Loop over it once for its chunks, or write it to a file. */
export interface Download extends AsyncIterable<Uint8Array> {
  /** Bytes that are to come in all, where the server tells. */
  total: number | undefined;
  /** For example `text/csv`. */
  contentType: string | undefined;
  /**
   * Writes the file, in Node, Bun and Deno. It has its name only when it is whole; a file of that name is replaced.
   * @throws {@link ConnectionError} and {@link TimeoutError} as the loop does, and what the file system says
   */
  toFile(path: string): Promise<void>;
}

/** Statuses of a storage host for a signed link that has expired. */
const EXPIRED = [401, 403, 404, 410];

const late = () => new TimeoutError("Nothing of the download came in time.");

/** Nothing of the platform's error is passed on: it may hold the link, which is a secret. */
const broken = (error: unknown) =>
  new ConnectionError("The connection for the download failed.", undefined, wasNeverSent(error));

/** The client's file system, where the platform has one. Not an import: a bundle for browsers could not resolve it. */
function fileSystem(): typeof import("node:fs/promises") {
  const files = globalThis.process?.getBuiltinModule?.("node:fs/promises");
  if (!files)
    throw new TypeError("toFile needs a file system: Node 20.16 or later, Bun or Deno. Loop over the download.");
  return files;
}

/** Gives the chunks of a body, and lets go of its connection when the loop ends or is left. */
async function* chunksOf(
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
  /** Milliseconds without a byte, for downloads that do not set their own. */
  timeout: number;
  get: (id: string, options: { signal?: AbortSignal | undefined }) => Promise<Report>;
  /** What each attempt is shown to: the logger, the tracer. */
  observers: Middleware[];
}

/** Makes what opens signed links: without the API's headers, a token or cookies, also after a redirect. */
export function createDownload({ fetch, policy, timeout: defaultTimeout, get, observers }: DownloadParts) {
  async function open(
    link: string,
    options: DownloadOptions,
  ): Promise<{ response: Response; connection: AbortController }> {
    const { signal, timeout = defaultTimeout } = options;
    if (!/^https?:\/\//.test(link) || !URL.canParse(link)) {
      throw new MarketplaceError("The report's download link is no http or https URL.");
    }
    let connection = new AbortController();
    const fetchFile = compose(observers, async () => {
      const init: RequestInit = { signal: connection.signal, ...(isBrowser() && { credentials: "omit" }) };
      const response = await within(timeout, signal, late, () =>
        fetch(link, init).catch((error: unknown) => {
          throw broken(error);
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
    return { response: (await compose([retry(policy)], attempt)(request)).response, connection };
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
    if (given?.downloadUrl && EXPIRED.includes(opened.response.status)) {
      // Links expire; the report has a new one.
      opened.connection.abort();
      opened = await open(await linkOf(), options);
    }
    const { response, connection } = opened;
    if (!response.ok) {
      connection.abort();
      throw toApiError(CALL, response, { message: "The host of the file refused the download." });
    }
    const length = response.headers.has("content-encoding") ? null : response.headers.get("content-length");
    const total = length === null ? undefined : Number(length);
    const timeout = options.timeout ?? defaultTimeout;
    const chunks = chunksOf(response.body, total, timeout, connection, options);
    return {
      total,
      contentType: response.headers.get("content-type") ?? undefined,
      [Symbol.asyncIterator]: () => chunks,
      async toFile(path) {
        const { rename, rm, writeFile } = fileSystem();
        const partial = `${path}.part`;
        try {
          await writeFile(partial, chunks);
          await rename(partial, path);
        } catch (error) {
          await rm(partial, { force: true });
          throw error;
        }
      },
    };
  };
}
