import type { IncomingMessage, ServerResponse } from "node:http";
import { HttpError } from "../core/messages/responses.ts";
import { tokenResponse } from "../core/oauth.ts";
import type { Sandbox } from "../core/sandbox.ts";
import { CORS_HEADERS, preflightHeaders } from "./cors.ts";
import { readBody } from "./read-request.ts";
import { writeResponse } from "./write-response.ts";

/** Serves the OAuth 2 token endpoint of a sandbox, whose tokens the API takes as it takes those of its own sign-in. */
export function createOAuthHandler(sandbox: Sandbox) {
  async function respond(request: IncomingMessage, path: string) {
    try {
      const body = (await readBody(request, path)).toString("utf8");
      const { authorization, "content-type": contentType } = request.headers;
      return tokenResponse({ method: String(request.method), contentType, authorization, body }, sandbox.tokens);
    } catch (error) {
      if (error instanceof HttpError) return error.response;
      throw error;
    }
  }

  return async (request: IncomingMessage, serverResponse: ServerResponse, path: string): Promise<void> => {
    if (request.method === "OPTIONS") {
      serverResponse.writeHead(204, preflightHeaders(request)).end();
      return;
    }
    const start = performance.now();
    const response = await respond(request, path);
    const { error_description: problem } = response.body as { error_description?: string };
    sandbox.requests.add({
      ...{ time: new Date(sandbox.clock.now()).toISOString(), method: String(request.method), path, query: {} },
      ...{ operation: undefined, status: response.statusCode, milliseconds: Math.round(performance.now() - start) },
      ...{ correlationId: undefined, problems: problem === undefined ? [] : [problem], faults: [] },
    });
    writeResponse(serverResponse, { ...response, headers: { ...CORS_HEADERS, ...response.headers } });
  };
}
