import type { Backend } from "../backend.ts";
import type { IncomingRequest } from "../messages/request.ts";
import { HttpError } from "../messages/responses.ts";
import { tokenResponse } from "../oauth.ts";
import type { Api } from "./api.ts";
import { CORS_HEADERS, preflight } from "./cors.ts";

/** The OAuth 2 token endpoint of a mock, whose tokens the API takes as it takes those of its own sign-in. */
export function createOAuthApi(backend: Backend): Api {
  async function respond({ method, target, headers, readBody }: IncomingRequest) {
    try {
      const body = new TextDecoder().decode(await readBody(target));
      const { authorization, "content-type": contentType } = headers;
      return tokenResponse({ method, contentType, authorization, body }, backend.tokens);
    } catch (error) {
      if (error instanceof HttpError) return error.response;
      throw error;
    }
  }

  return async (request) => {
    if (request.method === "OPTIONS") return { response: preflight(request, backend.clock.now()) };
    const start = performance.now();
    const response = await respond(request);
    const { error_description: problem } = response.body as { error_description?: string };
    const { method, target, headers } = request;
    backend.requests.add(
      {
        ...{
          time: new Date(backend.clock.now()).toISOString(),
          method,
          path: target.replace(/[?#].*/s, ""),
          query: {},
        },
        ...{ headers, body: undefined, operation: undefined, status: response.statusCode },
        ...{ milliseconds: Math.round(performance.now() - start), correlationId: undefined },
        ...{ problems: problem === undefined ? [] : [problem], faults: [] },
      },
      0,
    );
    return {
      response: {
        ...response,
        headers: { ...CORS_HEADERS, date: new Date(backend.clock.now()).toUTCString(), ...response.headers },
      },
    };
  };
}
