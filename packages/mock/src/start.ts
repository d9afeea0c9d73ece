import { CONTROL_PATH, createControl } from "./control/control.ts";
import { servePage } from "./control/page.ts";
import { createApi } from "./core/api/api.ts";
import { BASE_PATH } from "./core/api/base-path.ts";
import { createOAuthApi } from "./core/api/oauth-api.ts";
import { Backend } from "./core/backend.ts";
import { type Connection, connectionOf } from "./core/connection.ts";
import { type Controls, controlsOf } from "./core/controls.ts";
import { operationIds } from "./core/document/router.ts";
import { isOAuthPath } from "./core/oauth.ts";
import { createPerformer } from "./core/operations/perform.ts";
import { SignedLinks } from "./core/reports/links.ts";
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
 * Starts a mock of the API.
 * @throws Error with a sentence for people, and Node's `code`, when it cannot listen (`EADDRINUSE` for a port in use) or cannot use
 *   the file of `data`; TypeError for an option that is wrong
 */
export async function startMock(options: MockOptions = {}): Promise<Mock> {
  const resolved = resolveOptions(mockOptions, options);
  const { port, filesPort, host, size, seed, time, speed, latency, rateLimit, dailyQuota, data, stateless, print } =
    resolved;
  const { oneOpenOrder, textQuantities } = resolved;
  const prepared = await prepare();
  // SQLite's code is loaded only where there is a file to keep.
  const persistence =
    data === undefined ? undefined : new (await import("./persistence/journal.ts")).Journal(data, { size, seed });
  const backend = new Backend({
    seed: seedFor(size, seed),
    ...{ speed, print, persistence, latency, time: time?.getTime() },
    installation: { oneOpenOrder, textQuantities },
    ...(rateLimit !== undefined && { rateLimit }),
    ...(dailyQuota !== undefined && { dailyQuota }),
  });
  const { store, clock, tokens } = backend;
  let url = "";
  let filesUrl = "";
  const links = new SignedLinks(
    () => clock.now(),
    () => filesUrl,
  );
  const performer = createPerformer(backend, links);
  const engine = createPrismEngine(prepared, tokens, performer, stateless, () => clock.now());
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
