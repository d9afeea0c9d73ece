import { CONTROL_PATH, createControl } from "./control/control.ts";
import { servePage } from "./control/page.ts";
import { type Fault, parseFault } from "./core/faults/fault.ts";
import { SignedLinks } from "./core/reports/links.ts";
import type { LoggedRequest } from "./core/request-log.ts";
import { Sandbox } from "./core/sandbox.ts";
import type { Size } from "./core/seed/seeds.ts";
import { credentials, type MockCredentials } from "./core/tokens.ts";
import { createApiHandler } from "./http/api-handler.ts";
import { createFileServer } from "./http/file-server.ts";
import { close, listen } from "./http/listen.ts";
import { BASE_PATH } from "./http/read-request.ts";
import { createMockServer } from "./http/server.ts";
import { prepare } from "./prism/document.ts";
import { createEngine } from "./prism/engine.ts";

export interface MockOptions {
  /** Port to listen on; 0 for any that is free. 4010 unless set. */
  port?: number;
  /** Port of the reports' files, which are another origin; any that is free unless set. */
  filesPort?: number;
  /** Address to listen on. 127.0.0.1 unless set, which no other machine can reach. */
  host?: string;
  /** How much there is: `small`, the document's examples, unless set; `medium` has 500 customers, `large` ten times that. */
  size?: Size;
  /** A number that decides what is in a medium or large store; 42 unless set. The same one always makes the same store. */
  seed?: number;
  /** When the clock starts; 2026-10-05T12:00:00Z, where the store's history ends, unless set. What is due until then has happened. */
  time?: Date;
  /** Seconds that pass on the mock's clock in one; 1 unless set, 0 for a clock that only {@link Mock.advance} moves. */
  speed?: number;
  /** Milliseconds by which every answer is late, or between which two. */
  latency?: number | { from: number; to: number };
  /** Calls in a minute of the mock's clock before it answers 429. No limit unless set. */
  rateLimit?: number;
  /** Calls in a day of the mock's clock before it answers 403. No limit unless set. */
  dailyQuota?: number;
  /** A file that keeps the store across restarts; it is made where there is none. */
  data?: string;
  /** Answers from the document's examples as stock Prism does, and remembers nothing. */
  stateless?: boolean;
  /** Gets a line for each request. */
  print?: (line: string) => void;
}

/** A mock that is running. */
export interface Mock {
  /** Base URL of the API, ready for the client's `baseUrl`. */
  url: string;
  /** Origin of the reports' files. */
  filesUrl: string;
  /** What to sign in with. */
  credentials: MockCredentials;
  /** What the time is on the mock's clock. */
  now(): Date;
  /** Back to the start: store, clock, faults, limits and requests. Snapshots and tokens stay. */
  reset(): void;
  /**
   * Moves the clock, and lets everything happen until then.
   * @param milliseconds a whole number, up to a hundred years
   * @throws TypeError for another
   */
  advance(milliseconds: number): Promise<void>;
  /** Saves the store and its time under a name. */
  save(name: string): void;
  /**
   * Back to what was saved under a name.
   * @throws TypeError when nothing was
   */
  restore(name: string): void;
  /** What calls are to meet. */
  faults: {
    /** @throws TypeError for a fault that is none */
    add(...faults: Fault[]): void;
    clear(): void;
    list(): Fault[];
  };
  /** The last requests to the API, oldest first, up to a thousand. */
  requests(): LoggedRequest[];
  /** Stops listening, ends what connections there are, and frees the ports. */
  close(): Promise<void>;
}

function checkOptions({ seed = 0, speed = 1, time }: MockOptions): void {
  if (!Number.isInteger(seed) || seed < 0) throw new TypeError("seed must be a whole number from 0.");
  if (!(speed >= 0 && speed <= 1e9)) throw new TypeError("speed must be a number from 0 to 1,000,000,000.");
  if (time && Number.isNaN(time.getTime())) throw new TypeError("time must be a date.");
}

/**
 * Starts a sandbox of the API.
 * @throws Error with a sentence for people, and Node's `code`, when it cannot listen (`EADDRINUSE` for a port in use) or cannot use
 *   the file of `data`; TypeError for an option that is wrong
 */
export async function startMock(options: MockOptions = {}): Promise<Mock> {
  const { port = 4010, filesPort = 0, host = "127.0.0.1", size = "small", seed = 42 } = options;
  const { time, speed = 1, latency, rateLimit, dailyQuota, data, stateless = false, print } = options;
  checkOptions(options);
  const prepared = await prepare();
  const { operationIds } = prepared;
  // SQLite's code is loaded only where there is a file to keep.
  const persistence =
    data === undefined ? undefined : new (await import("./persistence/journal.ts")).Journal(data, { size, seed });
  const sandbox = new Sandbox({
    ...{ size, seed, speed, print, persistence, time: time?.getTime() },
    ...(rateLimit !== undefined && { rateLimit }),
    ...(dailyQuota !== undefined && { dailyQuota }),
    ...(latency !== undefined && { latency }),
  });
  const { store, clock, tokens, faults } = sandbox;
  let url = "";
  let filesUrl = "";
  const links = new SignedLinks(
    () => clock.now(),
    () => filesUrl,
  );
  const engine = createEngine(prepared, tokens, stateless ? undefined : { store, links }, () => clock.now());
  const about = { url: () => url, size, seed, isStateless: stateless };
  const server = createMockServer(host, {
    api: createApiHandler(sandbox, prepared, engine),
    control: { prefix: CONTROL_PATH, handle: createControl(sandbox, operationIds, about) },
    page: servePage,
  });
  const files = createFileServer(store, links);
  let closing: Promise<void> | undefined;
  const closeAll = () => {
    closing ??= Promise.all([close(server), close(files)]).then(() => persistence?.close());
    return closing;
  };
  try {
    url = `${await listen(server, port, host, "--port")}${BASE_PATH}`;
    filesUrl = await listen(files, filesPort, host, "--files-port");
  } catch (error) {
    await closeAll();
    throw error;
  }
  return {
    ...{ url, filesUrl, credentials },
    now: () => new Date(clock.now()),
    reset: () => sandbox.reset(),
    advance: async (milliseconds) => sandbox.advance(milliseconds),
    save: (name) => sandbox.save(name),
    restore: (name) => sandbox.restore(name),
    faults: {
      add: (...added) => faults.add(...added.map((fault) => parseFault(fault, operationIds))),
      clear: () => faults.clear(),
      list: () => faults.list(),
    },
    requests: () => sandbox.requests.list(),
    close: closeAll,
  };
}
