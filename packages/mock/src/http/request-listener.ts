import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { lineOf } from "../core/log-line.ts";

/**
 * Makes what a server calls of a handler. Whatever goes wrong in it is a response and a line, and never the end of the process.
 * @param handle may throw, at once or later
 */
export const requestListener = (
  handle: (request: IncomingMessage, response: ServerResponse) => void | Promise<void>,
): RequestListener =>
  async function listener(request, response): Promise<void> {
    try {
      await handle(request, response);
    } catch (error) {
      if (response.destroyed || response.socket?.destroyed) return;
      console.error(lineOf(request.method, request.url, "failed:", (error as Error | undefined)?.message));
      // A client sees that what has begun is not whole.
      if (response.headersSent) return void response.destroy();
      response.writeHead(500, { "content-type": "application/json", "cache-control": "no-store" });
      response.end('{"message":"The mock failed; what went wrong is in its log."}\n');
    }
  };
