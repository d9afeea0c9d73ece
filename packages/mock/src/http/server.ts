import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { isIP } from "node:net";
import { originHeaders } from "../core/api/cors.ts";
import { DomainError } from "../core/domain/errors.ts";
import { applicationError, withCorrelation } from "../core/messages/responses.ts";
import type { Certificate } from "./certificate.ts";
import { controlQueryOf } from "./control-query.ts";
import type { FileHandler } from "./file-server.ts";
import { makeServer } from "./listen.ts";
import { takeStoreName } from "./named-stores.ts";
import { toOriginForm } from "./read-request.ts";
import { requestListener } from "./request-listener.ts";
import { writeResponse } from "./write-response.ts";

type Handle = (request: IncomingMessage, response: ServerResponse, path: string) => Promise<void>;

/** What one server serves. */
export interface Routes {
  /** The OAuth 2 token endpoint, for pages of any origin. */
  oauth: { isPath: (path: string) => boolean; handle: Handle };
  /** The API, for pages of any origin. */
  api: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  /** The calls that control the mock, for programs and for its own page. */
  control: {
    prefix: string;
    handle: Handle;
  };
  /** The reports' files, for clients that reach only one port. */
  files: { isPath: (path: string) => boolean; handle: FileHandler };
  /** The page for people; `false` where there is no file of the path. */
  page: (path: string, response: ServerResponse) => boolean;
}

/** Names that no public name server gives to anybody: of containers, of a local network, and of this machine (RFC 6761, RFC 6762). */
const LOCAL_NAME = /^(?:[^.]+|.+\.(?:localhost|local|internal|lan|home\.arpa|test))$/i;

/** Names and addresses of this machine and its network, which no DNS rebinding can use. */
function isOwnHost(host: string, allowed: readonly string[]): boolean {
  const name = host.replace(/\.?(?::\d+)?$/, "").replace(/^\[|\]$/g, "");
  return LOCAL_NAME.test(name) || isIP(name) !== 0 || allowed.includes(name.toLowerCase());
}

/**
 * Whether a page of another site sends a request. Browsers say where a request comes from. A public name that is not ours in `Host` is
 * a page whose own name was pointed at this machine: this guards against DNS rebinding.
 */
function isCrossSite({ headers }: IncomingMessage, allowed: readonly string[]): boolean {
  const { origin, host = "" } = headers;
  const site = headers["sec-fetch-site"];
  if (!isOwnHost(host, allowed)) return true;
  if (site !== undefined) return site !== "same-origin" && site !== "none";
  // Behind a proxy with TLS, the page's scheme is another one than ours.
  return origin !== undefined && origin.replace(/^https?:\/\//, "") !== host;
}

/** What a server serves, and to whom. */
export interface ServerOptions {
  /** The routes of a store, which is made when it is first named; those of the mock itself without a name. */
  routesOf: (store: string | undefined) => Routes | Promise<Routes>;
  dropStore: (store: string) => void;
  /** Whether a store has been made. */
  hasStore: (store: string) => boolean;
  /** Names by which programs and the mock's own page may call its control, besides those of this machine and its network. */
  allowedHosts: readonly string[];
  /** Pages of other origins may call the API with their cookies. */
  corsCredentials: boolean;
  /** What it serves by HTTPS with; by HTTP without one. */
  certificate?: Certificate | undefined;
}

function sendJson(response: ServerResponse, status: number, body: object, headers = {}): void {
  response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store", ...headers });
  response.end(`${JSON.stringify(body)}\n`);
}

/** What is wrong with the query of a call that takes none; `undefined` where nothing is. */
function queryFaultOf(request: IncomingMessage, path: string): string | undefined {
  try {
    controlQueryOf(request, path);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Refuses a call for which there is no store, as the API does: it is mostly the API that is called. */
function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  { status, message }: DomainError,
  corsCredentials: boolean,
): void {
  const path = (request.url ?? "/").replace(/[?#].*/s, "");
  const error = withCorrelation(applicationError(status, message, path), Date.now());
  const origin = originHeaders(request.headers.origin, corsCredentials);
  writeResponse(response, { ...error, headers: { ...error.headers, ...origin } });
}

/** One HTTP server for the API, the reports' files, the page for people and the control calls. */
export function createMockServer(options: ServerOptions): Server {
  const { routesOf, dropStore, hasStore, allowedHosts, corsCredentials, certificate } = options;
  async function route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    toOriginForm(request);
    const store = takeStoreName(request);
    // Each store is kept in memory: another site's page could make as many as there can be.
    if (store !== undefined && !hasStore(store) && request.headers["sec-fetch-site"] === "cross-site") {
      return sendJson(response, 403, { message: "Pages of other sites make no stores; name it from a program first." });
    }
    let routes: Routes;
    try {
      const found = routesOf(store);
      // Not awaited where it is there: each wait costs a request a turn, and garbage.
      routes = found instanceof Promise ? await found : found;
    } catch (error) {
      if (error instanceof DomainError) return refuse(request, response, error, corsCredentials);
      throw error;
    }
    const { api, control, files, oauth, page } = routes;
    const path = (request.url ?? "/").replace(/[?#].*/s, "");
    const isRead = request.method === "GET" || request.method === "HEAD";
    const isDropped = store !== undefined && request.method === "DELETE" && path === "/";
    const isControl = path === control.prefix || path.startsWith(`${control.prefix}/`);
    const isReady = path === `${control.prefix}/ready`;
    const isCertificate = path === `${control.prefix}/certificate` && certificate !== undefined;
    if (!isRead && (isReady || isCertificate)) {
      return sendJson(response, 405, { message: `${path} takes GET, HEAD.` }, { allow: "GET, HEAD" });
    }
    if (isReady || isCertificate || isDropped) {
      const wrong = queryFaultOf(request, path);
      if (wrong !== undefined) return sendJson(response, 400, { message: wrong });
    }
    if (isReady) return sendJson(response, 200, { ready: true });
    if (isCertificate) {
      response.writeHead(200, { "content-type": "application/x-pem-file", "cache-control": "no-store" });
      response.end(certificate.cert);
      return;
    }
    if ((isControl || isDropped) && isCrossSite(request, allowedHosts)) {
      const message = "Programs and the mock's own page control it, and no other sites; see --allow-host.";
      return sendJson(response, 403, { message });
    }
    if (isDropped) {
      dropStore(store);
      response.writeHead(204).end();
      return;
    }
    if (isControl) return control.handle(request, response, path);
    if (oauth.isPath(path)) return oauth.handle(request, response, path);
    if (files.isPath(path)) return files.handle(request, response);
    if (isRead && page(path, response)) return;
    return api(request, response);
  }

  return makeServer(requestListener(route), certificate);
}
