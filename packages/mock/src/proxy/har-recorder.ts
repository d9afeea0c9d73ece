import { closeSync, ftruncateSync, openSync, writeSync } from "node:fs";
import type { Redactor } from "@imcloud/client/redact";
import { isJson } from "../core/messages/read-request.ts";
import { optionError } from "../core/option-names.ts";
import type { DecodedBody } from "./decoded.ts";
import { type Exchange, type RawHeaders, valuesOf } from "./exchange.ts";

const HEAD = '{"log":{"version":"1.2","creator":{"name":"imcloud-mock","version":"0.1.0"},"entries":[';
const TAIL = "\n]}}\n";

interface Pair {
  name: string;
  value: string;
}

/** A call as it is recorded. */
export interface ArchivedCall {
  exchange: Exchange;
  /** Its bodies, as far as they are texts. */
  requestCopy: DecodedBody;
  responseCopy: DecodedBody;
  startedAt: Date;
  milliseconds: number;
  /** What of it breaks the document. */
  violations: readonly string[];
}

/** Records calls as HTTP Archive 1.2, without their secrets. The file is valid after each of them. */
export class HarRecorder {
  readonly #file: number;
  readonly #redactor: Redactor;
  #end: number;
  #isFirst = true;

  /**
   * @param redactor hides the secrets of calls
   * @throws {@link Error} with a message for people when the file is there already, or cannot be made
   */
  constructor(path: string, redactor: Redactor) {
    this.#redactor = redactor;
    try {
      this.#file = openSync(path, "wx", 0o600);
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      const reason = code === "EEXIST" ? "it is there already; name another" : message;
      throw optionError(Error, (of) => `${path} cannot be used for ${of("har")}: ${reason}.`, error);
    }
    this.#end = 0;
    this.#append(HEAD);
  }

  /** Overwrites the end of the archive, and writes it again after a text. Where it throws, the archive is as before. */
  #append(text: string): void {
    try {
      this.#writeAt(this.#end, text + TAIL);
    } catch (error) {
      ftruncateSync(this.#file, this.#end);
      this.#writeAt(this.#end, TAIL);
      throw error;
    }
    this.#end += Buffer.byteLength(text);
  }

  /** Writes all of a text: where disk space ends, one call to the system writes a part of it and succeeds. */
  #writeAt(place: number, text: string): void {
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length; ) at += writeSync(this.#file, bytes, at, bytes.length - at, place + at);
  }

  #pairs(headers: RawHeaders): Pair[] {
    return this.#redactor.value(headers.map(([name, value]) => ({ name, value }))) as Pair[];
  }

  #text({ text = "", type }: DecodedBody): string {
    if (!isJson(type)) return this.#redactor.text(text);
    try {
      return JSON.stringify(this.#redactor.value(JSON.parse(text)));
    } catch {
      return this.#redactor.text(text);
    }
  }

  /** @throws {@link Error} when the file cannot be written; it is valid, and has the calls before */
  add({ exchange, requestCopy, responseCopy, startedAt, milliseconds, violations }: ArchivedCall): void {
    const { method, requestHeaders, requestBody, status, statusText, responseHeaders, responseBody } = exchange;
    const url = new URL(exchange.url);
    const queryString = this.#pairs([...url.searchParams]);
    const search = new URLSearchParams(queryString.map(({ name, value }) => [name, value]));
    const path = this.#redactor.text(url.pathname);
    const [location = ""] = valuesOf(responseHeaders, "location");
    const entry = {
      startedDateTime: startedAt.toISOString(),
      time: milliseconds,
      request: {
        ...{ method, url: `${url.origin}${path}${search.size ? `?${search}` : ""}`, httpVersion: "HTTP/1.1" },
        ...{ cookies: [], headers: this.#pairs(requestHeaders), queryString },
        ...(requestBody.length && {
          postData: { mimeType: requestCopy.type, text: this.#text(requestCopy) },
        }),
        ...{ headersSize: -1, bodySize: requestBody.length },
      },
      response: {
        ...{
          status,
          statusText: this.#redactor.text(statusText),
          httpVersion: "HTTP/1.1",
          cookies: [],
          headers: this.#pairs(responseHeaders),
        },
        content: {
          size: responseCopy.length ?? responseBody.length,
          mimeType: responseCopy.type,
          // Secrets in bytes that are not text cannot be found.
          ...(responseCopy.text === undefined
            ? { comment: "It is no text, and left out." }
            : { text: this.#text(responseCopy) }),
        },
        ...{ redirectURL: this.#redactor.text(location), headersSize: -1, bodySize: responseBody.length },
      },
      cache: {},
      timings: { send: 0, wait: milliseconds, receive: 0 },
      _violations: violations.map((violation) => this.#redactor.text(violation)),
    };
    this.#append(`${this.#isFirst ? "" : ","}\n${JSON.stringify(entry)}`);
    this.#isFirst = false;
  }

  close(): void {
    closeSync(this.#file);
  }
}
