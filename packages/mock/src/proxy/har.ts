import { closeSync, openSync, writeSync } from "node:fs";
import { createRedactor } from "@imcloud/client/redact";
import { isJson } from "../core/messages/read-request.ts";
import type { Exchange } from "./exchange.ts";

const HEAD = '{"log":{"version":"1.2","creator":{"name":"imcloud-mock","version":"0.1.0"},"entries":[';
const TAIL = "\n]}}\n";

interface Pair {
  name: string;
  value: string;
}

/** Writes calls down as HTTP Archive 1.2, without their secrets. The file is whole after each of them. */
export class Har {
  readonly #file: number;
  readonly #redactor = createRedactor([]);
  #end: number;
  #isFirst = true;

  /** @throws Error with a sentence for people when the file is there already, or cannot be made */
  constructor(path: string) {
    try {
      this.#file = openSync(path, "wx", 0o600);
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      const reason = code === "EEXIST" ? "it is there already; name another" : message;
      throw new Error(`${path} cannot be used for --har: ${reason}.`, { cause: error });
    }
    this.#end = writeSync(this.#file, HEAD, 0);
    writeSync(this.#file, TAIL, this.#end);
  }

  #pairs(values: Record<string, string>): Pair[] {
    const safe = this.#redactor.value(values) as Record<string, string>;
    return Object.entries(safe).map(([name, value]) => ({ name, value }));
  }

  #body(text: string, type: string | undefined): string {
    if (!isJson(type)) return this.#redactor.text(text);
    try {
      return JSON.stringify(this.#redactor.value(JSON.parse(text)));
    } catch {
      return this.#redactor.text(text);
    }
  }

  add(exchange: Exchange, startedAt: Date, milliseconds: number, violations: string[]): void {
    const { method, requestHeaders, requestBody, status, statusText, responseHeaders, responseBody } = exchange;
    this.#redactor.learn(requestHeaders.authorization?.replace(/^\w+ /, "") ?? "");
    const url = new URL(exchange.url);
    const queryString = this.#pairs(Object.fromEntries(url.searchParams));
    const search = new URLSearchParams(queryString.map(({ name, value }) => [name, value]));
    const type = requestHeaders["content-type"];
    const entry = {
      startedDateTime: startedAt.toISOString(),
      time: milliseconds,
      request: {
        ...{ method, url: `${url.origin}${url.pathname}${search.size ? `?${search}` : ""}`, httpVersion: "HTTP/1.1" },
        ...{ cookies: [], headers: this.#pairs(requestHeaders), queryString },
        ...(requestBody.length && {
          postData: { mimeType: type ?? "", text: this.#body(requestBody.toString("utf8"), type) },
        }),
        ...{ headersSize: -1, bodySize: requestBody.length },
      },
      response: {
        ...{ status, statusText, httpVersion: "HTTP/1.1", cookies: [], headers: this.#pairs(responseHeaders) },
        content: {
          size: Buffer.byteLength(responseBody),
          mimeType: responseHeaders["content-type"] ?? "",
          text: this.#body(responseBody, responseHeaders["content-type"]),
        },
        ...{ redirectURL: this.#redactor.text(responseHeaders.location ?? ""), headersSize: -1, bodySize: -1 },
      },
      cache: {},
      timings: { send: 0, wait: milliseconds, receive: 0 },
      _violations: violations.map((violation) => this.#redactor.text(violation)),
    };
    const text = `${this.#isFirst ? "" : ","}\n${JSON.stringify(entry)}`;
    this.#isFirst = false;
    // Over the end of the file, which comes after it again.
    this.#end += writeSync(this.#file, text, this.#end);
    writeSync(this.#file, TAIL, this.#end);
  }

  close(): void {
    closeSync(this.#file);
  }
}
