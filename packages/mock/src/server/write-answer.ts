import type { ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { Answer } from "./answers.ts";

/** How the body of an answer is to be spoilt. */
export interface Spoiling {
  /** Milliseconds over which it is sent. */
  slow?: number | undefined;
  /** Its connection is broken in the middle. */
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

/** Writes an answer. */
export function write(response: ServerResponse, answer: Answer, { slow, isCut }: Spoiling = {}): void {
  const { statusCode, headers = {}, body } = answer;
  const text = body === undefined ? "" : typeof body === "string" ? body : JSON.stringify(body);
  // Prism leaves a header without an example empty.
  const given = Object.entries(headers).filter(([, value]) => value !== null && value !== undefined);
  response.writeHead(statusCode, { ...Object.fromEntries(given), "content-length": Buffer.byteLength(text) });
  if (isCut) response.write(Buffer.from(text).subarray(0, text.length / 2), () => response.destroy());
  else if (slow !== undefined) writeSlowly(response, Buffer.from(text), slow).catch(() => response.destroy());
  // As text, Node sends it with its head in one piece.
  else response.end(text);
}
