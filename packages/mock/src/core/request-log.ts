/** What came in, and what became of it. Bodies and headers, which can hold secrets, are not kept. */
export interface LoggedRequest {
  /** By the mock's clock, for example `2026-10-05T12:00:00.000Z`. */
  time: string;
  method: string;
  path: string;
  query: Record<string, string | string[]>;
  /** Id of the operation; `undefined` where the document has none. */
  operation: string | undefined;
  /** `undefined` where the connection was broken instead of an answer. */
  status: number | undefined;
  milliseconds: number;
  correlationId: string | undefined;
  /** What was wrong with it, and what the API does not heed of it. */
  problems: string[];
  /** Kinds of the faults that it met. */
  faults: string[];
}

const MOST = 1_000;

/** The last requests, oldest first. */
export class RequestLog {
  readonly #print: ((line: string) => void) | undefined;
  #requests: LoggedRequest[] = [];

  /** @param print gets a line for each request */
  constructor(print: ((line: string) => void) | undefined) {
    this.#print = print;
  }

  add(request: LoggedRequest): void {
    this.#requests.push(request);
    if (this.#requests.length > 2 * MOST) this.#requests = this.#requests.slice(-MOST);
    this.#print?.(lineOf(request));
  }

  list(): LoggedRequest[] {
    return this.#requests.slice(-MOST);
  }

  clear(): void {
    this.#requests = [];
  }
}

/** A request in one line for people. */
function lineOf({ time, method, path, query, status, milliseconds, problems, faults }: LoggedRequest): string {
  const search = new URLSearchParams(
    Object.entries(query).flatMap(([name, values]) => [values].flat().map((value) => [name, value])),
  );
  const target = search.size ? `${path}?${search}` : path;
  const notes = [...faults.map((fault) => `fault ${fault}`), ...problems];
  const parts = [time.slice(11, 19), status ?? "---", method.padEnd(5), target, `${milliseconds} ms`, ...notes];
  // What a caller sends must not steer the terminal.
  return parts.join("  ").replace(/\p{Cc}/gu, "?");
}
