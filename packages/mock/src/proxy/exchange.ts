import { type ClientRequest, request as httpRequest, type IncomingMessage, type RequestOptions } from "node:http";
import { request as httpsRequest } from "node:https";

/** Headers as they stand in a message: in their order and case, a name as often as it was sent. */
export type RawHeaders = readonly (readonly [name: string, value: string])[];

/** What went to the API and what came back, byte for byte. */
export interface Exchange {
  url: string;
  method: string;
  requestHeaders: RawHeaders;
  requestBody: Buffer;
  status: number;
  statusText: string;
  responseHeaders: RawHeaders;
  responseBody: Buffer;
}

/**
 * Hop-by-hop headers (RFC 9110 §7.6.1), and those that this hop rewrites. Also cookies, which the API does not use: a browser sends those
 * of any program on this machine.
 */
const HOP_HEADERS = [
  ...["connection", "keep-alive", "proxy-connection", "proxy-authenticate", "proxy-authorization", "te", "trailer"],
  ...["transfer-encoding", "upgrade", "host", "cookie"],
];

/** Headers as Node lists them, name after value, in pairs. */
export const pairsOf = (raw: readonly string[]): RawHeaders =>
  raw.flatMap((name, at) => (at % 2 ? [] : [[name, raw[at + 1] ?? ""] as const]));

/** The values of a header; empty where it was not sent. */
export const valuesOf = (headers: RawHeaders, name: string): string[] =>
  headers.filter(([other]) => other.toLowerCase() === name).map(([, value]) => value);

/** The headers that are meant for the other end. */
function endToEnd(headers: RawHeaders): RawHeaders {
  const named = valuesOf(headers, "connection").flatMap((value) => value.toLowerCase().split(","));
  const hop = new Set([...HOP_HEADERS, ...named.map((name) => name.trim())]);
  return headers.filter(([name]) => !hop.has(name.toLowerCase()));
}

/** The length of a body is told where there is one: a body that came in chunks goes on as a whole. */
function withLength(headers: RawHeaders, body: Buffer): RawHeaders {
  const isTold = valuesOf(headers, "content-length").length > 0;
  return isTold || !body.length ? headers : [...headers, ["content-length", String(body.length)]];
}

/** Bytes of a response that are passed on; the API's largest is far smaller. */
const MAX_RESPONSE = 100 * 2 ** 20;

async function readWhole(response: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of response as AsyncIterable<Buffer>) {
    length += piece.length;
    if (length > MAX_RESPONSE) throw new Error(`its response is larger than ${MAX_RESPONSE} bytes`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

function send(url: URL, options: RequestOptions, body: Buffer): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const makeRequest = url.protocol === "https:" ? httpsRequest : httpRequest;
    // A connection of its own: one that is kept may end just as the request is sent, and nobody would know what became of it.
    const request: ClientRequest = makeRequest(url, { ...options, agent: false }, resolve);
    request.once("error", reject);
    // Nothing that is passed on asks for it, and Node tells of no response then.
    request.once("upgrade", (_response, socket) => {
      socket.destroy();
      reject(new Error("it responded with another protocol"));
    });
    request.end(body);
  });
}

/**
 * Takes a request to the API byte for byte. Redirects are not followed: the token and the subscription key would go along.
 * @param url where it goes: the API's origin, and the path and query as they were sent
 * @param signal ends it, when whoever asked has left
 * @throws {@link Error} with a message for people when the API cannot be reached
 */
export async function exchangeWith(
  url: string,
  { method = "GET", rawHeaders }: Pick<IncomingMessage, "method" | "rawHeaders">,
  requestBody: Buffer,
  signal: AbortSignal,
): Promise<Exchange> {
  const requestHeaders = withLength(endToEnd(pairsOf(rawHeaders)), requestBody);
  const target = new URL(url);
  try {
    const headers = [...requestHeaders, ["host", target.host], ["connection", "close"]].flat();
    // As it was written: a URL writes some characters otherwise, and resolves dots.
    const path = url.slice(target.origin.length);
    const response = await send(target, { path, method, headers, signal, setDefaultHeaders: false }, requestBody);
    return {
      ...{ url, method, requestHeaders, requestBody },
      ...{ status: Number(response.statusCode), statusText: response.statusMessage ?? "" },
      ...{ responseHeaders: endToEnd(pairsOf(response.rawHeaders)), responseBody: await readWhole(response) },
    };
  } catch (error) {
    const { message, code } = error as NodeJS.ErrnoException;
    throw new Error(`The API could not be reached: ${code ?? message}.`, { cause: error });
  }
}
