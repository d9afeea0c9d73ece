import type { OutgoingHttpHeaders, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { BodyFault } from "../core/api/api.ts";
import { type ApiResponse, ByteChunks, contentOf } from "../core/messages/responses.ts";

const PIECES = 8;

async function writeSlowly(response: ServerResponse, body: Buffer, milliseconds: number): Promise<void> {
  // A client that has gone is not waited for.
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  const length = Math.ceil(body.length / PIECES);
  for (let at = 0; at < body.length && !response.destroyed; at += length) {
    response.write(body.subarray(at, at + length));
    await sleep(milliseconds / PIECES, undefined, { signal: gone.signal });
  }
  response.end();
}

/** The headers of a response, with the length of its content where it names none itself. */
function headOf({ headers, cookies = [] }: ApiResponse, length: number | undefined): OutgoingHttpHeaders {
  const head: OutgoingHttpHeaders = length === undefined ? {} : { "content-length": length };
  for (const name in headers) {
    // Prism leaves a header without an example empty.
    const value: string | null | undefined = headers[name];
    if (value !== undefined && value !== null) head[name] = value;
  }
  if (cookies.length) head["set-cookie"] = [...cookies];
  return head;
}

/** Writes a response. */
export function writeResponse(
  response: ServerResponse,
  apiResponse: ApiResponse,
  { slow, isCut }: BodyFault = {},
): void {
  const { statusCode, body } = apiResponse;
  const content = body instanceof ByteChunks ? "" : contentOf(apiResponse);
  // A response without content has no length (RFC 9110 §8.6), and one to HEAD that of what it leaves out, where that is known.
  const isWithout = statusCode === 204 || (response.req.method === "HEAD" && content.length === 0);
  // All at once: what is set one by one before, Node would merge here.
  response.writeHead(statusCode, headOf(apiResponse, isWithout ? undefined : Buffer.byteLength(content)));
  if (body instanceof ByteChunks) pipeline(Readable.from(body.chunks), response).catch(() => response.destroy());
  else if (isCut) {
    const bytes = Buffer.from(content);
    response.write(bytes.subarray(0, bytes.length / 2), () => response.destroy());
  } else if (slow !== undefined) writeSlowly(response, Buffer.from(content), slow).catch(() => response.destroy());
  // As text, Node sends it with its head in one piece.
  else response.end(content);
}
