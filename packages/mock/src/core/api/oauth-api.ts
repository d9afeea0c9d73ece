import type { Backend } from "../backend.ts";
import { decodeBody, unreadableBody } from "../messages/read-request.ts";
import type { IncomingRequest } from "../messages/request.ts";
import { BrokenConnection, HttpError } from "../messages/responses.ts";
import { oauthError, tokenResponse } from "../oauth.ts";
import { httpDateOf } from "../store/dates.ts";
import type { Api } from "./api.ts";
import { corsHeaders, preflight } from "./cors.ts";

/** The OAuth 2 token endpoint of a mock. The API accepts its tokens like those of its own sign-in. */
export function createOAuthApi(backend: Backend): Api {
  async function respond({ method, target, headers, readBody }: IncomingRequest) {
    try {
      const bytes = await readBody(target);
      const unreadable = bytes.length ? unreadableBody(headers) : undefined;
      if (unreadable !== undefined) return oauthError(415, "invalid_request", unreadable);
      const body = decodeBody(bytes, target);
      const { authorization, "content-type": contentType } = headers;
      return tokenResponse({ method, contentType, authorization, body }, backend.tokens);
    } catch (error) {
      if (error instanceof HttpError) return error.response;
      throw error;
    }
  }

  return async (request) => {
    const { corsCredentials } = backend.gateway;
    if (request.method === "OPTIONS") return { response: preflight(request, backend.clock.now(), corsCredentials) };
    const start = performance.now();
    const response = await respond(request).catch((error: unknown) => {
      if (error instanceof BrokenConnection) return undefined;
      throw error;
    });
    if (!response) return {};
    const { error_description: problem } = response.body as { error_description?: string };
    const { method, target, headers } = request;
    backend.requests.add(
      {
        ...{ time: backend.clock.now(), method, path: target.replace(/[?#].*/s, ""), query: {} },
        ...{ headers, text: "", operation: undefined, status: response.statusCode },
        ...{ milliseconds: Math.round(performance.now() - start), correlationId: undefined },
        ...{ problems: problem === undefined ? [] : [problem], faults: [] },
      },
      0,
    );
    return {
      response: {
        ...response,
        headers: {
          ...corsHeaders(request, corsCredentials),
          date: httpDateOf(backend.clock.now()),
          ...response.headers,
        },
      },
    };
  };
}
