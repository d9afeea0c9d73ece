import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { isIP } from "node:net";
import { CONTROL_PATH, isFromElsewhere } from "../control/control.ts";
import { servePage } from "../control/page.ts";

type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** Milliseconds that a connection may take to send the head of a request, and all of it. */
const HEADERS_TIMEOUT = 20_000;
const REQUEST_TIMEOUT = 60_000;

/** Names and addresses by which a machine is called when nobody pretends to be somebody else. */
function isOwn(host: string, listens: string): boolean {
  const name = host.replace(/:\d+$/, "").replace(/^\[|\]$/g, "");
  return name === "localhost" || name === listens || isIP(name) !== 0;
}

/**
 * One HTTP server for the API, the page for people and the control calls. The API is for pages of any origin; the other two are
 * for their own alone.
 */
export function createMockServer(
  host: string,
  api: Handler,
  control: (request: IncomingMessage, response: ServerResponse, path: string) => Promise<void>,
): Server {
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? "/").replace(/[?#].*/s, "");
    const isControl = path === CONTROL_PATH || path.startsWith(`${CONTROL_PATH}/`);
    if (isControl && isFromElsewhere(request, (name) => isOwn(name, host))) {
      response.writeHead(403, { "content-type": "application/json" });
      response.end('{"message":"The mock is steered from its own page and from programs, not from other sites."}\n');
      return;
    }
    if (isControl) return control(request, response, path);
    const isRead = request.method === "GET" || request.method === "HEAD";
    if (isRead && servePage(path, response)) return;
    return api(request, response);
  }

  const server = createServer(
    { headersTimeout: HEADERS_TIMEOUT, requestTimeout: REQUEST_TIMEOUT, keepAliveTimeout: 5_000 },
    (request, response) => {
      answer(request, response).catch(() => response.destroy());
    },
  );
  return server;
}
