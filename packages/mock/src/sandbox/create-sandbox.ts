import { createApi } from "../core/api/api.ts";
import { createCoreEngine } from "../core/api/core-engine.ts";
import { createOAuthApi } from "../core/api/oauth-api.ts";
import { Backend } from "../core/backend.ts";
import { type Connection, connectionOf } from "../core/connection.ts";
import { type Controls, controlsOf } from "../core/controls.ts";
import { isOAuthPath } from "../core/oauth.ts";
import { createPerformer } from "../core/operations/perform.ts";
import { serveFile } from "../core/reports/serve.ts";
import { FILES_FOLDER, SignedLinks } from "../core/reports/signed-links.ts";
import { checkFixturesShown, type Fixtures, fixtureRows } from "../core/seed/fixtures.ts";
import { startOf } from "../core/seed/start.ts";
import { putRows } from "../core/store/store.ts";
import { credentials, type MockCredentials } from "../core/tokens.ts";
import { parseUrl, resolveOptions } from "../options/option.ts";
import { type SandboxOptions, sandboxOptions } from "../options/sandbox-options.ts";
import { createFetch } from "./fetch.ts";

/** What a client needs to call a sandbox: `createClient({ ...sandbox.connection })`. */
export interface SandboxConnection extends Connection {
  fetch: (request: Request) => Promise<Response>;
}

/** `[Symbol.dispose]`, for `using`, in the types of a project that has it among its own. */
export type Disposal = {
  [Name in SymbolConstructor[keyof SymbolConstructor & "dispose"]]: () => void;
};

/** A mock of the API that is a `fetch`: no port, no process, any runtime. */
export interface Sandbox extends Controls, Disposal {
  /**
   * Responds to a request for the API or for a report's file, whatever its origin: the path decides.
   * @throws {@link TypeError}, as the platform's own does, when a fault breaks the connection
   */
  fetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response>;
  /** Base URL of the API. */
  url: string;
  /** Origin of the reports' files. */
  filesUrl: string;
  /** What to sign in with. */
  credentials: MockCredentials;
  connection: SandboxConnection;
  /**
   * Adds data of your own, or replaces what has its ids. {@link Controls.reset} removes it.
   * @throws {@link TypeError} that names the place of each fault
   */
  seed(fixtures: Fixtures): void;
  /** Ends the sandbox: calls that still come are refused. */
  close(): void;
}

/**
 * Makes a mock of the API that needs no server: it runs in a unit test, in a page, in a service worker, and on every platform.
 * @throws {@link TypeError} for a wrong option or fixture
 */
export function createSandbox(options: SandboxOptions = {}): Sandbox {
  const resolved = resolveOptions(sandboxOptions, options);
  const { time, speed, latency, rateLimit, dailyQuota, print, log, baseUrl, filesUrl } = resolved;
  const { oneOpenOrder, textQuantities, holdDowngrades, requireKey, corsCredentials } = resolved;
  const url = parseUrl("baseUrl", baseUrl, "path").href.replace(/(?<!\/)\/+$/, "");
  const files = parseUrl("filesUrl", filesUrl, "origin");
  const backend = new Backend({
    seed: startOf(options),
    ...{ speed, print, log, latency, time: time?.getTime() },
    installation: { oneOpenOrder, textQuantities, holdDowngrades },
    gateway: { requireKey, corsCredentials },
    ...(rateLimit !== undefined && { rateLimit }),
    ...(dailyQuota !== undefined && { dailyQuota }),
  });
  const { store, clock, tokens } = backend;
  const links = new SignedLinks(
    () => clock.now(),
    () => files.origin,
  );
  const performer = createPerformer(backend, links);
  const api = createApi(backend, createCoreEngine(performer, tokens), new URL(url).pathname.replace(/(?<!\/)\/+$/, ""));
  const oauth = createOAuthApi(backend);
  let isClosed = false;

  const fetch = createFetch(({ target }) => {
    if (isClosed) throw new TypeError("The sandbox is closed.");
    const path = target.replace(/\?.*/s, "");
    if (path.startsWith(`${FILES_FOLDER}/`))
      return async (request) => ({ response: await serveFile(request, backend, links) });
    return isOAuthPath(path) ? oauth : api;
  }, backend.delays);
  const close = () => {
    isClosed = true;
    backend.delays.end();
  };

  return {
    ...controlsOf(backend),
    ...{ fetch, url, filesUrl: files.origin, credentials, close },
    connection: { ...connectionOf(url), fetch },
    seed(fixtures) {
      const rows = fixtureRows(fixtures, clock.now(), { existing: (kind, id) => store.of(kind).get(id) as never });
      backend.change(
        () => putRows(store, rows),
        () => checkFixturesShown(rows, { store, links }),
      );
    },
    [Symbol.dispose]: close,
  };
}
