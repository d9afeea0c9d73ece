import { createRedactor } from "@imcloud/client/redact";
import { lineOf } from "./log-line.ts";
import { isJson } from "./messages/read-request.ts";

/** A request, and its outcome. Passwords, keys, tokens and signed links are taken out. */
export interface LoggedRequest {
  /** By the mock's clock, for example `2026-10-05T12:00:00.000Z`. */
  time: string;
  method: string;
  path: string;
  query: Readonly<Record<string, string | string[]>>;
  /** Headers by lower-case name. */
  headers: Readonly<Record<string, string>>;
  /** The parsed JSON, or else the text; `undefined` if no body was read. */
  body: unknown;
  /** Id of the operation; `undefined` where the document has none. */
  operation: string | undefined;
  /** `undefined` if the connection was broken instead of a response. */
  status: number | undefined;
  milliseconds: number;
  correlationId: string | undefined;
  /** Problems of the request, and parts of it that the API ignores. */
  problems: string[];
  /** The kinds of faults that applied to it. */
  faults: string[];
}

/** Filters the listed requests. @defaultValue all requests */
export interface RequestFilter {
  /** Id of an operation, for example `orders_create`. */
  operation?: string;
}

/** The most requests to keep, and the most bytes of them as sent. In memory they take some ten times as many. */
const MAX_REQUESTS = 1_000;
const MAX_BYTES = 4 * 2 ** 20;
/** The most problems to keep of a request, and the most characters of each. */
const MAX_PROBLEMS = 20;
const MAX_PROBLEM = 500;

/** The first problems, and the number of further ones. */
function firstOf(problems: readonly string[]): string[] {
  const first = problems.slice(0, MAX_PROBLEMS).map((problem) => problem.slice(0, MAX_PROBLEM));
  const more = problems.length - first.length;
  return more ? [...first, `and ${more} more`] : first;
}

/** Bytes of a request, with its target and its headers. */
function weightOf({ path, query, headers }: KeptRequest, bodyBytes: number): number {
  let weight = bodyBytes + path.length;
  for (const name in headers) weight += name.length + (headers[name]?.length ?? 0);
  for (const name in query) for (const part of [name, query[name] ?? ""].flat()) weight += part.length;
  return weight;
}

/** A stored request, with its body as text: parsed bodies would slow down the garbage collector. */
export interface KeptRequest extends Omit<LoggedRequest, "body" | "time"> {
  /** By the mock's clock, in milliseconds since 1970. */
  time: number;
  /** Empty if there was no body or none was read. */
  text: string;
}

interface Entry {
  kept: KeptRequest;
  /** Made on demand, as few requests are ever read. */
  shown: LoggedRequest | undefined;
  bytes: number;
}

/** Parses the body of a stored request again. */
const bodyOf = ({ text, headers }: KeptRequest): unknown =>
  text === "" ? undefined : isJson(headers["content-type"]) ? JSON.parse(text) : text;

/** The format of the printed log: lines for people, or JSON objects for programs. */
export type LogFormat = "lines" | "json";

/** The most bytes of requests in all stores of a server. */
const MAX_ALL_BYTES = 16 * 2 ** 20;

/** The request logs of several stores, with one limit. Beyond it, the largest log drops its oldest request. */
export class RequestLogs {
  readonly #logs = new Set<RequestLog>();

  add(log: RequestLog): void {
    this.#logs.add(log);
  }

  delete(log: RequestLog): void {
    this.#logs.delete(log);
  }

  makeRoom(): void {
    let bytes = 0;
    for (const log of this.#logs) bytes += log.bytes;
    while (bytes > MAX_ALL_BYTES) {
      let longest: RequestLog | undefined;
      for (const log of this.#logs) if (log.bytes > (longest?.bytes ?? 0)) longest = log;
      if (!longest) return;
      bytes -= longest.dropOldest();
    }
  }
}

/** The last requests, oldest first, up to a limit. */
export class RequestLog {
  readonly #print: ((line: string) => void) | undefined;
  readonly #redactor = createRedactor([]);
  #entries: Entry[] = [];
  #bytes = 0;

  readonly #format: LogFormat;
  readonly #all: RequestLogs | undefined;

  /**
   * @param print gets a line for each request
   * @param all the logs that share its limit
   */
  constructor(print: ((line: string) => void) | undefined, format: LogFormat, all?: RequestLogs) {
    this.#print = print;
    this.#format = format;
    this.#all = all;
    all?.add(this);
  }

  /** The bytes of all requests as sent. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Drops the oldest request, and returns its bytes. */
  dropOldest(): number {
    const bytes = this.#entries.shift()?.bytes ?? 0;
    this.#bytes -= bytes;
    return bytes;
  }

  /** Drops everything, when the log is no longer used. */
  end(): void {
    this.clear();
    this.#all?.delete(this);
  }

  /** @param bodyBytes length of the request's body */
  add(given: KeptRequest, bodyBytes: number): void {
    const kept = given.problems.length ? { ...given, problems: firstOf(given.problems) } : given;
    const bytes = weightOf(kept, bodyBytes);
    const entry = { kept, shown: undefined, bytes };
    this.#entries.push(entry);
    this.#bytes += bytes;
    while (this.#entries.length > MAX_REQUESTS || this.#bytes > MAX_BYTES) this.dropOldest();
    this.#all?.makeRoom();
    this.#print?.(this.#format === "json" ? JSON.stringify(this.#shown(entry)) : logLineOf(kept));
  }

  /** The public form of a request, without secrets. */
  #shown(entry: Entry): LoggedRequest {
    entry.shown ??= this.#redacted(entry.kept);
    return entry.shown;
  }

  #redacted(kept: KeptRequest): LoggedRequest {
    const { text: _, time, ...request } = kept;
    const { query, headers } = request;
    const sent = this.#redactor.value({ query, headers, body: bodyOf(kept) });
    return { time: timeTextOf(time), ...request, ...(sent as Pick<LoggedRequest, "query" | "headers" | "body">) };
  }

  list({ operation }: RequestFilter = {}): LoggedRequest[] {
    return this.#entries
      .filter(({ kept }) => operation === undefined || kept.operation === operation)
      .map((entry) => this.#shown(entry));
  }

  get size(): number {
    return this.#entries.length;
  }

  clear(): void {
    this.#entries = [];
    this.#bytes = 0;
  }
}

const timeTextOf = (time: number): string => new Date(time).toISOString();

/** Formats a request as one line. */
function logLineOf({ time, method, path, query, status, milliseconds, problems, faults }: KeptRequest): string {
  const search = new URLSearchParams(
    Object.entries(query).flatMap(([name, values]) => [values].flat().map((value) => [name, value])),
  );
  const target = search.size ? `${path}?${search}` : path;
  const notes = [...faults.map((fault) => `fault ${fault}`), ...problems];
  return lineOf(
    timeTextOf(time).slice(11, 19),
    status ?? "---",
    method.padEnd(5),
    target,
    `${milliseconds} ms`,
    ...notes,
  );
}
