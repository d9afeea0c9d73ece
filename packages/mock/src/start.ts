import { createHash } from "node:crypto";
import { getHeapStatistics } from "node:v8";
import { CONTROL_PATH, createControl } from "./control/control.ts";
import { servePage } from "./control/page.ts";
import { createApi, type Engine } from "./core/api/api.ts";
import { BASE_PATH } from "./core/api/base-path.ts";
import { createCoreEngine } from "./core/api/core-engine.ts";
import { createOAuthApi } from "./core/api/oauth-api.ts";
import { Backend, type BackendOptions, type Shared } from "./core/backend.ts";
import { type Connection, connectionOf } from "./core/connection.ts";
import { type Controls, controlsOf } from "./core/controls.ts";
import { operationIds } from "./core/document/router.ts";
import { Delays } from "./core/faults/delays.ts";
import { MemoryLimit } from "./core/memory-limit.ts";
import { isOAuthPath } from "./core/oauth.ts";
import { checkShown } from "./core/operations/check-responses.ts";
import { createPerformer, type Performer } from "./core/operations/perform.ts";
import { NO_LINKS } from "./core/operations/report-links.ts";
import { isAboutOptions, optionError } from "./core/option-names.ts";
import { KeptFiles } from "./core/reports/report-files.ts";
import { FILES_FOLDER, SignedLinks } from "./core/reports/signed-links.ts";
import { RequestLogs } from "./core/request-log.ts";
import { startOf } from "./core/seed/start.ts";
import type { Seed, StoreState } from "./core/store/store.ts";
import { credentials, type MockCredentials } from "./core/tokens.ts";
import { createApiHandler } from "./http/api-handler.ts";
import { type Certificate, makeCertificate, readCertificate } from "./http/certificate.ts";
import { createFileHandler, createFileServer } from "./http/file-server.ts";
import { close, listen } from "./http/listen.ts";
import { NamedStores, prefixOf } from "./http/named-stores.ts";
import { createMockServer, type Routes } from "./http/server.ts";
import { objectOf } from "./options/load-file.ts";
import { type MockOptions, mockOptions } from "./options/mock-options.ts";
import { parseUrl, type ResolvedOptions, resolveOptions } from "./options/option.ts";
import type { Journal, Origin } from "./persistence/journal.ts";
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
  /** Its certificate in PEM, for whoever is to trust it; `undefined` where it serves by HTTP. */
  certificate: string | undefined;
  /** Stops listening, ends what connections there are, and frees the ports. */
  close(): Promise<void>;
}

/**
 * Prism with the components of the core, or the core alone where Prism does not run.
 * @throws {@link Error} with a message for people where Prism is needed and does not run
 */
async function createEngine(backend: Backend, performer: Performer, isStateless: boolean): Promise<Engine> {
  const { tokens, clock } = backend;
  if (!canRunPrism()) {
    if (!isStateless) return createCoreEngine(performer, tokens);
    const needs = `needs Prism, which needs Node ${PRISM_NODE}; this is ${process.version}`;
    throw optionError(Error, (of) => `${of("stateless")} ${needs}.`);
  }
  const { createPrismEngine } = await import("./prism/engine.ts");
  return createPrismEngine(tokens, performer, isStateless, () => clock.now());
}

/** @throws {@link Error} with a message for people when the file cannot be used */
async function openJournal(file: string, origin: Origin) {
  // SQLite's code is loaded only where there is a file to keep.
  const loaded = await import("./persistence/journal.ts").catch((cause) => {
    const needs = `needs the SQLite of Node 22.13 or later; this is ${process.version}`;
    throw optionError(Error, (of) => `${of("data")} ${needs}.`, cause);
  });
  return new loaded.Journal(file, origin);
}

/** What is served of one store. */
interface ServedStore {
  backend: Backend;
  routes: Routes;
}

/** @throws {@link Error} with a message for people when the file holds what the mock could not show */
function loadBackend(settings: BackendOptions, persistence: Journal): Backend {
  try {
    const backend = new Backend(settings);
    checkShown(backend.store.changes(), { store: backend.store, links: NO_LINKS }, (what) => {
      throw new Error(what);
    });
    return backend;
  } catch (error) {
    if (isAboutOptions(error)) throw error;
    throw persistence.foreign((error as Error).message, error);
  }
}

interface ServedStoreOptions {
  options: Resolved;
  start: Seed;
  /** A store of the same options when its clock started. */
  started?: StoreState | undefined;
  /** Where its API and its files are reached, known once the server listens. */
  url: () => string;
  filesUrl: () => string;
  persistence?: Journal | undefined;
  shared: Shared;
}

async function createServedStore({
  options,
  start,
  started,
  url,
  filesUrl,
  persistence,
  shared,
}: ServedStoreOptions): Promise<ServedStore> {
  const { size, seed, time, speed, latency, rateLimit, dailyQuota, stateless, print, log } = options;
  const { oneOpenOrder, textQuantities, holdDowngrades, requireKey, corsCredentials } = options;
  const settings = {
    seed: start,
    started,
    ...{ speed, print, log, persistence, latency, shared, time: time?.getTime() },
    installation: { oneOpenOrder, textQuantities, holdDowngrades },
    gateway: { requireKey, corsCredentials },
    ...(rateLimit !== undefined && { rateLimit }),
    ...(dailyQuota !== undefined && { dailyQuota }),
  };
  const backend = persistence ? loadBackend(settings, persistence) : new Backend(settings);
  const links = new SignedLinks(() => backend.clock.now(), filesUrl, persistence?.linkKey);
  const engine = await createEngine(backend, createPerformer(backend, links), stateless);
  const about = { url, size: (options.fixtures ?? options.replay) ? "own" : size, seed, isStateless: stateless };
  return {
    backend,
    routes: {
      api: createApiHandler(createApi(backend, engine, BASE_PATH, stateless)),
      oauth: { isPath: isOAuthPath, handle: createApiHandler(createOAuthApi(backend)) },
      control: { prefix: CONTROL_PATH, handle: createControl(backend, operationIds, about) },
      files: {
        isPath: (path) => path.startsWith(`${FILES_FOLDER}/`),
        handle: createFileHandler(backend, links),
      },
      page: servePage,
    },
  };
}

type Resolved = ResolvedOptions<typeof mockOptions>;

/** Bytes of a heap that code and young objects take. */
const HEAP_OF_ITS_OWN = 256 * 2 ** 20;
const MIN_STORE_BYTES = 8 * 2 ** 20;

/** Bytes of a heap that callers may fill: the count is rough, and what is held takes more while it is read. */
const storeBytesFor = (heapLimit: number): number => Math.max(MIN_STORE_BYTES, (heapLimit - HEAP_OF_ITS_OWN) / 3);

/** @throws {@link TypeError} for options that exclude each other, or need each other */
function checkTogether({ stateless, data, fixtures, replay, tlsCert, tlsKey }: Resolved): void {
  if (stateless && data !== undefined) {
    const why = "what remembers nothing has nothing to keep in a file";
    throw optionError(TypeError, (of) => `Choose ${of("stateless")} or ${of("data")}: ${why}.`);
  }
  const own = fixtures !== undefined ? "fixtures" : replay !== undefined ? "replay" : undefined;
  if (stateless && own !== undefined) {
    const why = "what remembers nothing responds from the document's examples";
    throw optionError(TypeError, (of) => `Choose ${of("stateless")} or ${of(own)}: ${why}.`);
  }
  if ((tlsCert === undefined) !== (tlsKey === undefined)) {
    const why = "a certificate is nothing without its key";
    throw optionError(TypeError, (of) => `Give ${of("tlsCert")} and ${of("tlsKey")} together: ${why}.`);
  }
}

/** What data of a file was made of: fixtures and recordings by their content. */
function originOfData(
  { size, seed }: Resolved,
  own: { fixtures?: object | undefined; replay?: object | undefined },
): Origin {
  const given = own.fixtures ?? own.replay;
  if (!given) return { size, seed };
  return { own: createHash("sha256").update(JSON.stringify(given)).digest("hex") };
}

async function certificateOf(
  { tls, tlsCert, tlsKey, host, allowHost }: Resolved,
  publicOrigin: string | undefined,
): Promise<Certificate | undefined> {
  if (tlsCert !== undefined && tlsKey !== undefined) return readCertificate(tlsCert, tlsKey);
  if (!tls) return undefined;
  const publicName = publicOrigin === undefined ? [] : [new URL(publicOrigin).hostname.replace(/^\[|\]$/g, "")];
  return makeCertificate([host, ...publicName, ...namesIn(allowHost)]);
}

/** The names of a list with commas. */
const namesIn = (list = ""): string[] => list.split(",").flatMap((name) => name.trim().toLowerCase() || []);

/**
 * Starts a mock of the API: a server on Prism, or on the core alone where Node is too old for Prism.
 * @throws {@link Error} with a message for people, and Node's `code`, when it cannot listen (`EADDRINUSE` for a port in use) or cannot
 *   use the file of `data`; {@link TypeError} for an option that is wrong
 */
export async function startMock(options: MockOptions = {}): Promise<Mock> {
  const resolved = resolveOptions(mockOptions, options);
  const { port, filesPort, host, data, publicUrl, allowHost } = resolved;
  checkTogether(resolved);
  const publicOrigin = publicUrl === undefined ? undefined : parseUrl("publicUrl", publicUrl, "origin").origin;
  const own = {
    fixtures: await objectOf(resolved.fixtures, "fixtures"),
    replay: await objectOf(resolved.replay, "replay"),
  };
  const start = startOf({ ...own, size: options.size, seed: resolved.seed, time: resolved.time });
  const certificate = await certificateOf(resolved, publicOrigin);
  const persistence = data === undefined ? undefined : await openJournal(data, originOfData(resolved, own));
  const shared = {
    ...{ delays: new Delays(), logs: new RequestLogs(), files: new KeptFiles() },
    memory: new MemoryLimit(storeBytesFor(getHeapStatistics().heap_size_limit)),
  };
  let origin = "";
  let filesUrl = "";
  const main: ServedStore = await createServedStore({
    options: resolved,
    start,
    url: () => `${origin}${BASE_PATH}`,
    filesUrl: () => filesUrl,
    ...{ persistence, shared },
  });
  const namedStores = new NamedStores<ServedStore>({
    main,
    make: async (name) =>
      createServedStore({
        ...{ options: resolved, start, started: await main.backend.started(), shared },
        url: () => `${origin}${prefixOf(name)}${BASE_PATH}`,
        filesUrl: () => `${filesUrl}${prefixOf(name)}`,
      }),
    drop: ({ backend }) => backend.drop(),
    onIdle: (name) =>
      main.backend.say(`The store ${name} was evicted for another, as it was the least recently called.`),
  });
  const routesOf = (name: string | undefined) => {
    const served = namedStores.of(name);
    return served instanceof Promise ? served.then(({ routes }) => routes) : served.routes;
  };
  const server = createMockServer({
    routesOf,
    dropStore: (name) => namedStores.delete(name),
    hasStore: (name) => namedStores.has(name),
    allowedHosts: [host.toLowerCase(), ...namesIn(allowHost)],
    corsCredentials: resolved.corsCredentials,
    certificate,
  });
  const files = createFileServer(async (name) => (await routesOf(name)).files.handle, certificate);
  let closing: Promise<void> | undefined;
  const closeAll = () => {
    shared.delays.end();
    closing ??= Promise.all([close(server), close(files)]).then(() => persistence?.close());
    return closing;
  };
  try {
    const listening = await listen(server, port, host, "port");
    origin = publicOrigin ?? listening;
    const filesOrigin = await listen(files, filesPort, host, "filesPort");
    // From outside, one port is enough: it has the files as well.
    filesUrl = publicOrigin ?? filesOrigin;
  } catch (error) {
    await closeAll();
    throw error;
  }
  const url = `${origin}${BASE_PATH}`;
  return {
    ...controlsOf(main.backend),
    ...{ url, filesUrl, credentials, certificate: certificate?.cert, close: closeAll },
    connection: connectionOf(url),
  };
}
