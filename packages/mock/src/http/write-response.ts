import type { ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { ApiResponse } from "../core/messages/responses.ts";

/** What goes wrong while the body of a response is sent. */
export interface BodyFault {
  /** Milliseconds over which it is sent. */
  slow?: number | undefined;
  /** The connection is broken in the middle of it. */
  isCut?: boolean | undefined;
}

const PIECES = 8;

async function writeSlowly(response: ServerResponse, body: Buffer, milliseconds: number): Promise<void> {
  const length = Math.ceil(body.length / PIECES);
  for (let at = 0; at < body.length && !response.destroyed; at += length) {
    response.write(body.subarray(at, at + length));
    await sleep(milliseconds / PIECES);
  }
  response.end();
}

/** Writes a response. */
export function writeResponse(
  response: ServerResponse,
  { statusCode, headers = {}, body }: ApiResponse,
  { slow, isCut }: BodyFault = {},
): void {
  const text = body === undefined ? "" : typeof body === "string" ? body : JSON.stringify(body);
  const sent: Record<string, string | number> = { "content-length": Buffer.byteLength(text) };
  for (const name in headers) {
    const value: string | null | undefined = headers[name];
    // Prism leaves a header without an example empty.
    if (value !== null && value !== undefined) sent[name] = value;
  }
  // All at once: what is set one by one before, Node would merge here.
  response.writeHead(statusCode, sent);
  if (isCut) response.write(Buffer.from(text).subarray(0, text.length / 2), () => response.destroy());
  else if (slow !== undefined) writeSlowly(response, Buffer.from(text), slow).catch(() => response.destroy());
  // As text, Node sends it with its head in one piece.
  else response.end(text);
}
