import type { ServerResponse } from "node:http";
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

const isMissing = (value: string | null | undefined) => value === null || value === undefined;

/** The headers that have a value: Prism leaves one without an example empty. */
function withValues(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  if (!Object.values(headers).some(isMissing)) return headers;
  return Object.fromEntries(Object.entries(headers).filter(([, value]) => !isMissing(value)));
}

/** Writes a response. */
export function writeResponse(
  response: ServerResponse,
  apiResponse: ApiResponse,
  { slow, isCut }: BodyFault = {},
): void {
  const { statusCode, headers = {}, cookies = [], body } = apiResponse;
  const content = body instanceof ByteChunks ? "" : contentOf(apiResponse);
  // A response without content has no length (RFC 9110 §8.6), and one to HEAD that of what it leaves out, where that is known.
  const isWithout = statusCode === 204 || (response.req.method === "HEAD" && content.length === 0);
  const length = isWithout ? {} : { "content-length": Buffer.byteLength(content) };
  // All at once: what is set one by one before, Node would merge here.
  response.writeHead(statusCode, {
    ...length,
    ...withValues(headers),
    ...(cookies.length && { "set-cookie": [...cookies] }),
  });
  if (body instanceof ByteChunks) pipeline(Readable.from(body.chunks), response).catch(() => response.destroy());
  else if (isCut) {
    const bytes = Buffer.from(content);
    response.write(bytes.subarray(0, bytes.length / 2), () => response.destroy());
  } else if (slow !== undefined) writeSlowly(response, Buffer.from(content), slow).catch(() => response.destroy());
  // As text, Node sends it with its head in one piece.
  else response.end(content);
}
