import type { TokenSource } from "../auth/token-source.ts";
import { TimeoutError } from "../core/errors/errors.ts";
import type { BufferedResponse, Handler, Middleware, PipelineRequest } from "../core/pipeline.ts";
import { within } from "../core/time.ts";
import { acquire, rateLimit, release, sendWithPermit } from "./rate-limit.ts";
import type { Permit, RateLimiter } from "./rate-limiter.ts";

/** Milliseconds after which a token is checked again. */
const LONG_WAIT = 1_000;
/** How often a call waits for a permit again because its token expired. Then it is sent anyway, and repeated if the API refuses it. */
const MAX_TURNS = 20;

/** Waits for a token, up to the request's limit. */
function waitForToken(tokens: TokenSource, { signal, waitTimeout = 0, operation }: PipelineRequest): Promise<string> {
  if (!signal && !waitTimeout) return tokens.get();
  const late = () => new TimeoutError(`No token for ${operation} came within ${waitTimeout} ms.`);
  return within(waitTimeout, signal, late, tokens.get);
}

/** A token, and a permit that was granted while the token was good. */
async function tokenAndPermit(
  tokens: TokenSource,
  limiter: RateLimiter,
  request: PipelineRequest,
): Promise<[token: string, permit: Permit]> {
  for (let turn = 1; ; turn++) {
    // The token comes first: a sign-in needs a place under the limit too, and those who hold all of them would wait for it.
    const token = await waitForToken(tokens, request);
    const asked = performance.now();
    const permit = await acquire(limiter, request, turn > 1);
    const hasWaited = performance.now() - asked > LONG_WAIT;
    if (!hasWaited || turn === MAX_TURNS || tokens.isGood(token)) return [token, permit];
    release(permit);
  }
}

/**
 * Sends each request with a token, inside the rate limit. When the API refuses the token, signs in once more and repeats the request
 * once: the refusal came before the request was accepted, so a write is not done twice. A request that has its own authorization is
 * sent as it is, before those that wait for a token.
 */
export function authorize(tokens: TokenSource, limiter: RateLimiter): Middleware {
  const unauthenticated = rateLimit(limiter);

  async function attempt(
    request: PipelineRequest,
    next: Handler,
  ): Promise<[response: BufferedResponse, token: string]> {
    request.state.sentAt = undefined;
    const [token, permit] = await tokenAndPermit(tokens, limiter, request);
    const headers = { ...request.headers, authorization: `Bearer ${token}` };
    return [await sendWithPermit({ ...request, headers }, permit, next), token];
  }

  return async (request, next) => {
    if (request.headers.authorization) return unauthenticated(request, next);
    const [response, token] = await attempt(request, next);
    if (response.response.status !== 401) return response;
    tokens.reject(token);
    return (await attempt(request, next))[0];
  };
}
