import type { TokenSource } from "./auth/token-source.ts";
import { createTokens } from "./auth/tokens.ts";
import { abortReason } from "./core/abort.ts";
import { type CallState, compose, type Handler, type Middleware } from "./core/pipeline.ts";
import { endingAt } from "./core/time.ts";
import { createFetch } from "./core/transport/fetch.ts";
import { createTransport } from "./core/transport/transport.ts";
import { authorize } from "./middleware/authorize.ts";
import { stayBelow } from "./middleware/base-url.ts";
import { basicForToken } from "./middleware/basic-for-token.ts";
import { addHeaders, defaultHeaders } from "./middleware/headers.ts";
import { rateLimit } from "./middleware/rate-limit.ts";
import { createRateLimiter, isRateLimiter, type RateLimiter, unlimited } from "./middleware/rate-limiter.ts";
import { hideEchoes, secretsOf } from "./middleware/redaction.ts";
import { retry, retryPolicy } from "./middleware/retry.ts";
import { timeout } from "./middleware/timeout.ts";
import { userMiddleware } from "./middleware/user-middleware.ts";
import { reportWaits } from "./middleware/wait-notice.ts";
import { createObservers } from "./observers/observers.ts";
import type { ClientOptions } from "./options/client-options.ts";
import type { Checked } from "./options/connection.ts";

/** What a client and its copies have in common. */
export interface Shared {
  tokens?: TokenSource | undefined;
  limiter?: RateLimiter | undefined;
  /** Added by `use`, around calls and around attempts. */
  aroundCall: Middleware[];
  aroundAttempt: Middleware[];
}

/** A pipeline with what it is made of. */
export interface Pipeline {
  send: Handler;
  /** Middleware that observes each attempt, also of downloads. */
  observers: Middleware[];
  shared: Required<Shared>;
}

const limiterOf = ({ rateLimit: limit }: ClientOptions): RateLimiter =>
  limit === false ? unlimited : isRateLimiter(limit) ? limit : createRateLimiter(limit);

/** The way of every call, from top to bottom: around the call, then around each attempt, then to the network. */
export function createPipeline(options: Checked<ClientOptions>, given: Shared): Pipeline {
  const { auth, baseUrl, validate, onWait } = options;
  const { aroundCall, aroundAttempt, limiter = limiterOf(options) } = given;
  const secrets = secretsOf(options);
  const observers = createObservers(options, secrets);
  const limit = limiter === unlimited ? limiter : reportWaits(limiter, observers.warn, onWait);
  const retrying = retry(retryPolicy(options.retry), options.timeout);
  const headers = defaultHeaders(options);

  /** The signals of calls, whose abort ends them at once though a middleware goes on by itself. Nothing is sent after it. */
  const signals = new WeakMap<CallState, AbortSignal>();
  const notAfterAbort: Middleware = (request, next) => {
    const signal = signals.get(request.state);
    if (signal?.aborted) throw abortReason(signal);
    return next(request);
  };

  const attempt = compose(
    [
      notAfterAbort,
      ...observers.aroundAttempt,
      userMiddleware(aroundAttempt),
      timeout(options.timeout),
      hideEchoes(secrets),
    ],
    createTransport(createFetch(options.fetch), options.maxResponseBytes),
  );

  // A sign-in takes the same way. Another host's calls are not counted by the API.
  const send = compose([retrying, rateLimit(limit)], attempt);
  const sendElsewhere = compose([retrying, rateLimit(unlimited)], attempt);
  const tokens = createTokens(options, { headers, send, sendElsewhere }, observers.warn, given.tokens);

  const call = compose(
    [
      ...observers.aroundCall,
      userMiddleware(aroundCall),
      ...(validate ? [validate.middleware(observers.warnSomewhere)] : []),
      stayBelow(baseUrl),
      addHeaders(headers),
      basicForToken(auth),
      retrying,
      // In a page behind a proxy, the server signs in.
      auth ? authorize(tokens, limit) : rateLimit(limit),
    ],
    attempt,
  );
  const endedByAbort: Handler = (request) => {
    const { signal, state } = request;
    if (signal) signals.set(state, signal);
    return endingAt(signal, async () => call(request));
  };
  return {
    send: endedByAbort,
    observers: observers.aroundAttempt,
    shared: { tokens, limiter, aroundCall, aroundAttempt },
  };
}
