import { CONTROL_PATH, createControl } from "./control/control.ts";
import { servePage } from "./control/page.ts";
import { createApi, type Engine } from "./core/api/api.ts";
import { BASE_PATH } from "./core/api/base-path.ts";
import { createCoreEngine } from "./core/api/core-engine.ts";
import { createOAuthApi } from "./core/api/oauth-api.ts";
import { Backend } from "./core/backend.ts";
import { type Connection, connectionOf } from "./core/connection.ts";
import { type Controls, controlsOf } from "./core/controls.ts";
import { operationIds } from "./core/document/router.ts";
import { isOAuthPath } from "./core/oauth.ts";
import { createPerformer, type Performer } from "./core/operations/perform.ts";
import { SignedLinks } from "./core/reports/links.ts";
import { seedFor } from "./core/seed/seeds.ts";
import { credentials, type MockCredentials } from "./core/tokens.ts";
import { createApiHandler } from "./http/api-handler.ts";
import { createFileServer } from "./http/file-server.ts";
import { close, listen } from "./http/listen.ts";
import { createMockServer } from "./http/server.ts";
import { type MockOptions, mockOptions } from "./options/mock-options.ts";
import { resolveOptions } from "./options/option.ts";
import { canRunPrism, PRISM_NODE } from "./prism-node.ts";

/** A mock that is running. */
export interface Mock extends Controls {
  /** Base URL of the API, ready for the client's `baseUrl`. */
  url: string;
  /** Origin of the reports' files. */
  filesUrl: string;
  /** What to sign in with. */
  credentials: MockCredentials;
  /** What a client needs to call the mock: `createClient({ ...mock.connection })`. */
  connection: Connection;
  /** Stops listening, ends what connections there are, and frees the ports. */
  close(): Promise<void>;
}

/**
 * Prism with the components of the core, or the core alone where Prism does not run.
 * @throws Error with a sentence for people where Prism is needed and does not run
 */
async function createEngine(backend: Backend, performer: Performer, isStateless: boolean): Promise<Engine> {
  const { tokens, clock } = backend;
  if (!canRunPrism()) {
    if (!isStateless) return createCoreEngine(performer, tokens);
    throw new Error(`Stateless responses need Prism, which needs Node ${PRISM_NODE}; this is ${process.version}.`);
  }
  const [{ prepare }, { createPrismEngine }] = await Promise.all([
    import("./prism/document.ts"),
    import("./prism/engine.ts"),
  ]);
  return createPrismEngine(await prepare(), tokens, performer, isStateless, () => clock.now());
}

/** @throws Error with a sentence for people when the file cannot be used */
async function openJournal(file: string, origin: { size: string; seed: number }) {
  // SQLite's code is loaded only where there is a file to keep.
  const loaded = await import("./persistence/journal.ts").catch((cause) => {
    throw new Error(`--data needs the SQLite of Node 22.13 or later; this is ${process.version}.`, { cause });
  });
  return new loaded.Journal(file, origin);
}

/**
 * Starts a mock of the API: a server on Prism, or on the core alone where Node is too old for Prism.
 * @throws Error with a sentence for people, and Node's `code`, when it cannot listen (`EADDRINUSE` for a port in use) or cannot use
 *   the file of `data`; TypeError for an option that is wrong
 */
export async function startMock(options: MockOptions = {}): Promise<Mock> {
  const resolved = resolveOptions(mockOptions, options);
  const { port, filesPort, host, size, seed, time, speed, latency, rateLimit, dailyQuota, data, stateless, print } =
    resolved;
  const { oneOpenOrder, textQuantities } = resolved;
  const persistence = data === undefined ? undefined : await openJournal(data, { size, seed });
  const backend = new Backend({
    seed: seedFor(size, seed),
    ...{ speed, print, persistence, latency, time: time?.getTime() },
    installation: { oneOpenOrder, textQuantities },
    ...(rateLimit !== undefined && { rateLimit }),
    ...(dailyQuota !== undefined && { dailyQuota }),
  });
  const { store, clock } = backend;
  let url = "";
  let filesUrl = "";
  const links = new SignedLinks(
    () => clock.now(),
    () => filesUrl,
  );
  const performer = createPerformer(backend, links);
  const engine = await createEngine(backend, performer, stateless);
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
  return {
    ...controlsOf(backend),
    ...{ url, filesUrl, credentials, close: closeAll },
    connection: connectionOf(url),
  };
}
