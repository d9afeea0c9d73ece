import { CONTROL_PATH, createControl } from "./control/control.ts";
import { servePage } from "./control/page.ts";
import { createApi } from "./core/api/api.ts";
import { BASE_PATH } from "./core/api/base-path.ts";
import { createOAuthApi } from "./core/api/oauth-api.ts";
import { Backend } from "./core/backend.ts";
import { type Fault, parseFault } from "./core/faults/fault.ts";
import { isOAuthPath } from "./core/oauth.ts";
import { createPerform } from "./core/operations/perform.ts";
import { SignedLinks } from "./core/reports/links.ts";
import type { LoggedRequest, RequestFilter } from "./core/request-log.ts";
import { operationIds } from "./core/router.ts";
import { seedFor } from "./core/seed/seeds.ts";
import { credentials, type MockCredentials } from "./core/tokens.ts";
import { createApiHandler } from "./http/api-handler.ts";
import { createFileServer } from "./http/file-server.ts";
import { close, listen } from "./http/listen.ts";
import { createMockServer } from "./http/server.ts";
import { type MockOptions, mockOptions } from "./options/mock-options.ts";
import { resolveOptions } from "./options/option.ts";
import { prepare } from "./prism/document.ts";
import { createPrismEngine } from "./prism/engine.ts";

/** What a client of `@imcloud/client` needs to call a mock. */
export interface Connection {
  baseUrl: string;
  auth: { username: string; password: string };
  subscriptionKey: string;
  marketplace: string;
}

/** A mock that is running. */
export interface Mock {
  /** Base URL of the API, ready for the client's `baseUrl`. */
  url: string;
  /** Origin of the reports' files. */
  filesUrl: string;
  /** What to sign in with. */
  credentials: MockCredentials;
  /** What a client needs to call the mock: `createClient({ ...mock.connection })`. */
  connection: Connection;
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
  /** The last requests to the API, oldest first, up to a thousand, with what was sent; secrets are taken out. */
  requests(filter?: RequestFilter): LoggedRequest[];
  /** Stops listening, ends what connections there are, and frees the ports. */
  close(): Promise<void>;
}

/**
 * Starts a mock of the API.
 * @throws Error with a sentence for people, and Node's `code`, when it cannot listen (`EADDRINUSE` for a port in use) or cannot use
 *   the file of `data`; TypeError for an option that is wrong
 */
export async function startMock(options: MockOptions = {}): Promise<Mock> {
  const resolved = resolveOptions(mockOptions, options);
  const { port, filesPort, host, size, seed, time, speed, latency, rateLimit, dailyQuota, data, stateless, print } =
    resolved;
  const prepared = await prepare();
  // SQLite's code is loaded only where there is a file to keep.
  const persistence =
    data === undefined ? undefined : new (await import("./persistence/journal.ts")).Journal(data, { size, seed });
  const backend = new Backend({
    seed: seedFor(size, seed),
    ...{ speed, print, persistence, latency, time: time?.getTime() },
    ...(rateLimit !== undefined && { rateLimit }),
    ...(dailyQuota !== undefined && { dailyQuota }),
  });
  const { store, clock, tokens, faults } = backend;
  let url = "";
  let filesUrl = "";
  const links = new SignedLinks(
    () => clock.now(),
    () => filesUrl,
  );
  const perform = createPerform(backend, links);
  const engine = createPrismEngine(prepared, tokens, perform, stateless, () => clock.now());
  const about = { url: () => url, size, seed, isStateless: stateless };
  const server = createMockServer(host, {
    api: createApiHandler(createApi(backend, engine, BASE_PATH, stateless)),
    oauth: { isPath: isOAuthPath, handle: createApiHandler(createOAuthApi(backend)) },
    control: { prefix: CONTROL_PATH, handle: createControl(backend, operationIds, about) },
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
  const { username, password, subscriptionKey, marketplace } = credentials;
  return {
    ...{ url, filesUrl, credentials },
    connection: { baseUrl: url, auth: { username, password }, subscriptionKey, marketplace },
    now: () => new Date(clock.now()),
    reset: () => backend.reset(),
    advance: async (milliseconds) => backend.advance(milliseconds),
    save: (name) => backend.save(name),
    restore: (name) => backend.restore(name),
    faults: {
      add: (...added) => faults.add(...added.map((fault) => parseFault(fault, operationIds))),
      clear: () => faults.clear(),
      list: () => faults.list(),
    },
    requests: (filter) => backend.requests.list(filter),
    close: closeAll,
  };
}
