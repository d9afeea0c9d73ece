import type { TokenSource } from "../auth/token-source.ts";
import type { BufferedResponse, Middleware } from "../core/pipeline.ts";
import { within } from "../core/time.ts";

/**
 * Sends each request with a token, unless it has an authorization of its own. When the API refuses the token, signs in once more and
 * repeats the request once: the refusal came before the request was accepted, so a write is not done twice.
 */
export const withToken =
  (tokens: TokenSource): Middleware =>
  async (request, next) => {
    if (request.headers.authorization) return next(request);
    async function attempt(): Promise<[response: BufferedResponse, token: string]> {
      const token = await within(0, request.signal, () => {}, tokens.get);
      const headers = { ...request.headers, authorization: `Bearer ${token}` };
      return [await next({ ...request, headers }), token];
    }
    const [response, token] = await attempt();
    if (response.response.status !== 401) return response;
    tokens.reject(token);
    return (await attempt())[0];
  };
