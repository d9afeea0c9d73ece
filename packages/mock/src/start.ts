import { CONTROL_PATH, createControl } from "./control/control.ts";
import { servePage } from "./control/page.ts";
import { createApi, type Engine } from "./core/api/api.ts";
import { BASE_PATH } from "./core/api/base-path.ts";
import { createCoreEngine } from "./core/api/core-engine.ts";
import { createOAuthApi } from "./core/api/oauth-api.ts";
import { Backend, type BackendOptions } from "./core/backend.ts";
import { type Connection, connectionOf } from "./core/connection.ts";
import { type Controls, controlsOf } from "./core/controls.ts";
import { operationIds } from "./core/document/router.ts";
import { Waits } from "./core/faults/waits.ts";
import { isOAuthPath } from "./core/oauth.ts";
import { createPerformer, type Performer } from "./core/operations/perform.ts";
import type { ReportLinks } from "./core/operations/report-links.ts";
import { checkShown } from "./core/operations/stored-checks.ts";
import { FILES_FOLDER, SignedLinks } from "./core/reports/links.ts";
import { checkStart, seedFor } from "./core/seed/seeds.ts";
import { credentials, type MockCredentials } from "./core/tokens.ts";
import { createApiHandler } from "./http/api-handler.ts";
import { createFileHandler, createFileServer } from "./http/file-server.ts";
import { close, listen } from "./http/listen.ts";
import { NamedStores, prefixOf } from "./http/named-stores.ts";
import { createMockServer, type Routes } from "./http/server.ts";
import { type MockOptions, mockOptions } from "./options/mock-options.ts";
import { type ResolvedOptions, resolveOptions } from "./options/option.ts";
import type { Journal } from "./persistence/journal.ts";
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

/** What is served of one store. */
interface ServedStore {
  backend: Backend;
  routes: Routes;
}

const NO_LINKS: ReportLinks = { of: () => "https://files.example/" };

/** @throws Error with a sentence for people when the file holds what the mock could not show */
function loadBackend(settings: BackendOptions, persistence: Journal): Backend {
  try {
    const backend = new Backend(settings);
    checkShown(backend.store.changes(), { store: backend.store, links: NO_LINKS }, (what) => {
      throw new Error(what);
    });
    return backend;
  } catch (error) {
    if (error instanceof Error && error.message.includes("--data")) throw error;
    throw persistence.foreign((error as Error).message, error);
  }
}

interface ServedStoreOptions {
  options: ResolvedOptions<typeof mockOptions>;
  /** Where its API and its files are reached, known once the server listens. */
  url: () => string;
  filesUrl: () => string;
  persistence?: Journal | undefined;
  waits: Waits;
}

async function createServedStore({
  options,
  url,
  filesUrl,
  persistence,
  waits,
}: ServedStoreOptions): Promise<ServedStore> {
  const { size, seed, time, speed, latency, rateLimit, dailyQuota, stateless, print } = options;
  const { oneOpenOrder, textQuantities, holdDowngrades } = options;
  const settings = {
    seed: seedFor(size, seed),
    ...{ speed, print, persistence, latency, waits, time: time?.getTime() },
    installation: { oneOpenOrder, textQuantities, holdDowngrades },
    ...(rateLimit !== undefined && { rateLimit }),
    ...(dailyQuota !== undefined && { dailyQuota }),
  };
  const backend = persistence ? loadBackend(settings, persistence) : new Backend(settings);
  const links = new SignedLinks(() => backend.clock.now(), filesUrl);
  const engine = await createEngine(backend, createPerformer(backend, links), stateless);
  const about = { url, size, seed, isStateless: stateless };
  return {
    backend,
    routes: {
      api: createApiHandler(createApi(backend, engine, BASE_PATH, stateless)),
      oauth: { isPath: isOAuthPath, handle: createApiHandler(createOAuthApi(backend)) },
      control: { prefix: CONTROL_PATH, handle: createControl(backend, operationIds, about) },
      files: {
        isPath: (path) => path.startsWith(`${FILES_FOLDER}/`),
        handle: createFileHandler(backend.store, links),
      },
      page: servePage,
    },
  };
}

/**
 * Starts a mock of the API: a server on Prism, or on the core alone where Node is too old for Prism.
 * @throws Error with a sentence for people, and Node's `code`, when it cannot listen (`EADDRINUSE` for a port in use) or cannot use
 *   the file of `data`; TypeError for an option that is wrong
 */
export async function startMock(options: MockOptions = {}): Promise<Mock> {
  const resolved = resolveOptions(mockOptions, options);
  const { port, filesPort, host, size, seed, data, publicUrl, allowHost } = resolved;
  checkStart(resolved.time);
  if (resolved.stateless && data !== undefined) {
    throw new TypeError("Choose stateless or data: what remembers nothing has nothing to keep in a file.");
  }
  const publicOrigin = publicUrl === undefined ? undefined : originOf(publicUrl);
  const persistence = data === undefined ? undefined : await openJournal(data, { size, seed });
  const waits = new Waits();
  let origin = "";
  let filesUrl = "";
  const main = await createServedStore({
    options: resolved,
    url: () => `${origin}${BASE_PATH}`,
    filesUrl: () => filesUrl,
    ...{ persistence, waits },
  });
  const namedStores = new NamedStores(main, (name) =>
    createServedStore({
      ...{ options: resolved, waits },
      url: () => `${origin}${prefixOf(name)}${BASE_PATH}`,
      filesUrl: () => `${filesUrl}${prefixOf(name)}`,
    }),
  );
  const routesOf = async (name: string | undefined) => (await namedStores.of(name)).routes;
  const server = createMockServer({
    routesOf,
    dropStore: (name) => namedStores.delete(name),
    allowedHosts: [host, ...(allowHost ?? "").split(",")].map((name) => name.trim().toLowerCase()),
  });
  const files = createFileServer(async (name) => (await routesOf(name)).files.handle);
  let closing: Promise<void> | undefined;
  const closeAll = () => {
    waits.end();
    closing ??= Promise.all([close(server), close(files)]).then(() => persistence?.close());
    return closing;
  };
  try {
    const listening = await listen(server, port, host, "--port");
    origin = publicOrigin ?? listening;
    const filesOrigin = await listen(files, filesPort, host, "--files-port");
    // From outside, one port is enough: it has the files as well.
    filesUrl = publicOrigin ?? filesOrigin;
  } catch (error) {
    await closeAll();
    throw error;
  }
  const url = `${origin}${BASE_PATH}`;
  return {
    ...controlsOf(main.backend),
    ...{ url, filesUrl, credentials, close: closeAll },
    connection: connectionOf(url),
  };
}

/** @throws TypeError when it is no http or https URL */
function originOf(url: string): string {
  if (/^https?:\/\//i.test(url) && URL.canParse(url)) return new URL(url).origin;
  throw new TypeError(`publicUrl takes an http or https URL such as http://mock.lan:4010; got ${JSON.stringify(url)}.`);
}
