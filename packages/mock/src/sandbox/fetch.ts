import type { Api, BodyFault, Outcome } from "../core/api/api.ts";
import type { Delays } from "../core/faults/delays.ts";
import { BODY_LIMIT, bodyTooLarge } from "../core/messages/read-request.ts";
import type { IncomingRequest } from "../core/messages/request.ts";
import { type ApiResponse, BrokenConnection, ByteChunks, contentOf, HttpError } from "../core/messages/responses.ts";

/**
 * Reads a body no further than it may be long. An upload that is aborted is cancelled, and never taken for a whole one.
 * @throws {@link HttpError} when it is too large
 */
async function readBounded(request: Request, path: string, signal: AbortSignal | null): Promise<Uint8Array> {
  // Some browsers have no stream of a request's body.
  const { body } = request;
  const reader = (body === undefined ? new Response(await request.blob()).body : body)?.getReader();
  const chunks: Uint8Array[] = [];
  if (!reader) return joined(chunks);
  const cancel = () => void reader.cancel(signal?.reason).catch(() => {});
  signal?.addEventListener("abort", cancel, { once: true });
  try {
    if (signal?.aborted) cancel();
    for (let length = 0; ; ) {
      const { done, value } = await reader.read();
      signal?.throwIfAborted();
      if (done) return joined(chunks);
      if (!(value instanceof Uint8Array)) throw new TypeError("The body of a request is a stream of Uint8Array alone.");
      chunks.push(value);
      length += value.length;
      if (length > BODY_LIMIT) {
        cancel();
        throw bodyTooLarge(path);
      }
    }
  } finally {
    signal?.removeEventListener("abort", cancel);
  }
}

function joined(chunks: readonly Uint8Array[]): Uint8Array {
  if (chunks.length === 1) return chunks[0] as Uint8Array;
  const bytes = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

/**
 * A request of the platform as the core takes it.
 * @param onBroken called with why its body could not be read
 */
function incomingRequest(
  request: Request,
  signal: AbortSignal | null,
  onBroken: (error: unknown) => void,
): IncomingRequest {
  const { pathname, search } = new URL(request.url);
  return {
    method: request.method,
    target: `${pathname}${search}`,
    // Their names are in lower case already.
    headers: Object.fromEntries(request.headers),
    async readBody(path) {
      try {
        return await readBounded(request, path, signal);
      } catch (error) {
        if (error instanceof HttpError) throw error;
        onBroken(error);
        throw new BrokenConnection();
      }
    },
  };
}

/** As the platforms word it, with the code by which Node tells a connection that broke. */
const brokenConnection = () =>
  new TypeError("fetch failed", {
    cause: Object.assign(new Error("The connection was broken by a fault of the mock."), { code: "ECONNRESET" }),
  });

const PIECES = 8;
const encoder = new TextEncoder();

async function* slowly(bytes: Uint8Array<ArrayBuffer>, milliseconds: number, delays: Delays) {
  const length = Math.ceil(bytes.length / PIECES);
  for (let at = 0; at < bytes.length; at += length) {
    yield bytes.subarray(at, at + length);
    if (!(await delays.sleep(milliseconds / PIECES))) throw brokenConnection();
  }
}

async function* halfOf(bytes: Uint8Array<ArrayBuffer>) {
  yield bytes.subarray(0, bytes.length / 2);
  throw brokenConnection();
}

async function* chunksOf({ chunks }: ByteChunks) {
  yield* chunks;
}

function streamOf(
  pieces: AsyncGenerator<Uint8Array<ArrayBuffer>>,
  signal: AbortSignal | null,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream({
    start(controller) {
      signal?.addEventListener("abort", () => controller.error(signal.reason), { once: true });
    },
    async pull(controller) {
      const { done, value } = await pieces.next();
      if (signal?.aborted) return;
      if (done) controller.close();
      else controller.enqueue(value);
    },
    async cancel() {
      await pieces.return(undefined);
    },
  });
}

const bytesOf = (content: string | Uint8Array) =>
  (typeof content === "string" ? encoder.encode(content) : content) as Uint8Array<ArrayBuffer>;

/** Statuses whose responses have no body (Fetch Standard, "null body status"). */
const BODILESS = new Set([204, 205, 304]);

function bodyOf(
  response: ApiResponse,
  { slow, isCut }: BodyFault,
  delays: Delays,
  signal: AbortSignal | null,
): BodyInit | null {
  if (response.body === undefined || BODILESS.has(response.statusCode)) return null;
  if (response.body instanceof ByteChunks) return streamOf(chunksOf(response.body), signal);
  const content = contentOf(response);
  if (isCut) return streamOf(halfOf(bytesOf(content)), signal);
  if (slow !== undefined) return streamOf(slowly(bytesOf(content), slow, delays), signal);
  return content as BodyInit;
}

function responseOf(
  { response, bodyFault = {} }: Outcome,
  isHead: boolean,
  delays: Delays,
  signal: AbortSignal | null,
): Response {
  if (!response) throw brokenConnection();
  const headers = new Headers();
  for (const [name, value] of Object.entries(response.headers ?? {})) headers.set(name, value);
  for (const cookie of response.cookies ?? []) headers.append("set-cookie", cookie);
  const body = isHead ? null : bodyOf(response, bodyFault, delays, signal);
  return new Response(body, { status: response.statusCode, headers });
}

/** Rejects as soon as a signal aborts. The work goes on, as it does on a real server. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) return abort();
    signal.addEventListener("abort", abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}

/** The API that responds to a request. */
export type ApiFor = (request: IncomingRequest) => Api;

/** A `fetch` that reaches a mock instead of the network. */
export function createFetch(
  apiFor: ApiFor,
  delays: Delays,
): (input: RequestInfo | URL, init?: RequestInit) => Promise<Response> {
  return async (input, init) => {
    // Its signal is left out of the request: the platform's `Request` refuses a signal of jsdom.
    const { signal: given, ...rest } = init ?? {};
    const request = typeof input === "object" && "url" in input && !init ? input : new Request(input, rest);
    const signal = given === undefined ? request.signal : given;
    signal?.throwIfAborted();
    if (request.bodyUsed)
      throw new TypeError("The body of this request was read before; make a new one, or a clone().");
    const broken: unknown[] = [];
    const incoming = incomingRequest(request, signal ?? null, (error) => broken.push(error));
    const outcome = apiFor(incoming)(incoming);
    const settled = await (signal ? unlessAborted(outcome, signal) : outcome);
    // Such a request is never sent to its end, and gets no response.
    if (broken.length) throw broken[0];
    const response = responseOf(settled, request.method === "HEAD", delays, signal ?? null);
    // A response that is made has no address; one of the network has that of its request.
    return Object.defineProperty(response, "url", { value: request.url.replace(/#.*/s, "") });
  };
}
