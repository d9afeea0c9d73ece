import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { isIP } from "node:net";

/** Milliseconds that a connection may take to send the head of a request, and all of it. */
const HEADERS_TIMEOUT = 20_000;
const REQUEST_TIMEOUT = 60_000;

type Handle = (request: IncomingMessage, response: ServerResponse, path: string) => Promise<void>;

/** What one server serves. */
export interface Routes {
  /** The OAuth 2 token endpoint, for pages of any origin. */
  oauth: { isPath: (path: string) => boolean; handle: Handle };
  /** The API, for pages of any origin. */
  api: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  /** The calls that steer the mock, for programs and for its own page. */
  control: {
    prefix: string;
    handle: Handle;
  };
  /** The page for people; `false` where there is no file of the path. */
  page: (path: string, response: ServerResponse) => boolean;
}

/** Names and addresses by which a machine is called when nobody pretends to be somebody else. */
function isOwnHost(host: string, listens: string): boolean {
  const name = host.replace(/:\d+$/, "").replace(/^\[|\]$/g, "");
  return name === "localhost" || name === listens || isIP(name) !== 0;
}

/**
 * Whether a page of another site sends a request. Browsers say where a request comes from. A name that is not ours in `Host` is a
 * page whose own name was pointed at this machine: this guards against DNS rebinding.
 */
function isCrossSite({ headers }: IncomingMessage, listens: string): boolean {
  const { origin, host = "" } = headers;
  const site = headers["sec-fetch-site"];
  if (!isOwnHost(host, listens)) return true;
  if (site !== undefined && site !== "same-origin" && site !== "none") return true;
  return origin !== undefined && origin !== `http://${host}`;
}

/**
 * One HTTP server for the API, the page for people and the control calls.
 * @param host the address that it will listen on
 */
export function createMockServer(host: string, { api, control, oauth, page }: Routes): Server {
  async function route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? "/").replace(/[?#].*/s, "");
    const isControl = path === control.prefix || path.startsWith(`${control.prefix}/`);
    if (isControl && isCrossSite(request, host)) {
      response.writeHead(403, { "content-type": "application/json" });
      response.end('{"message":"The mock is steered from its own page and from programs, not from other sites."}\n');
      return;
    }
    if (isControl) return control.handle(request, response, path);
    if (oauth.isPath(path)) return oauth.handle(request, response, path);
    const isRead = request.method === "GET" || request.method === "HEAD";
    if (isRead && page(path, response)) return;
    return api(request, response);
  }

  return createServer(
    { headersTimeout: HEADERS_TIMEOUT, requestTimeout: REQUEST_TIMEOUT, keepAliveTimeout: 5_000 },
    (request, response) => {
      route(request, response).catch(() => response.destroy());
    },
  );
}
