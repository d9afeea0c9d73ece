import { createTokens } from "./auth/tokens.ts";
import { type Call, createCall } from "./core/call.ts";
import { createFetch } from "./core/fetch.ts";
import { createGenericRequest, type GenericRequest } from "./core/generic-request.ts";
import { createList } from "./core/pages.ts";
import { compose, type Handler, type Middleware } from "./core/pipeline.ts";
import { createResources } from "./core/resources.ts";
import { createTransport } from "./core/transport.ts";
import { operations, type Resources } from "./generated/resources.ts";
import { withHelpers } from "./helpers/helpers.ts";
import type { ResourcesWithHelpers } from "./helpers/types.ts";
import type { Http } from "./http/openapi-fetch.ts";
import { createPipelinedHttp } from "./http/pipelined-http.ts";
import { authorize } from "./middleware/authorize.ts";
import { stayBelow } from "./middleware/base-url.ts";
import { basicForToken } from "./middleware/basic-for-token.ts";
import { addHeaders, defaultHeaders } from "./middleware/headers.ts";
import { isLogged, logging } from "./middleware/logging.ts";
import { quietly } from "./middleware/quietly.ts";
import { rateLimit } from "./middleware/rate-limit.ts";
import { createRateLimiter, isRateLimiter, type RateLimiter, unlimited } from "./middleware/rate-limiter.ts";
import { createClientRedactor, learnTokens } from "./middleware/redaction.ts";
import { retry, retryPolicy } from "./middleware/retry.ts";
import { timeout } from "./middleware/timeout.ts";
import { tracing } from "./middleware/tracing.ts";
import { validation } from "./middleware/validation.ts";
import { type ClientOptions, checkClient } from "./options/client-options.ts";
import type { Checked } from "./options/connection.ts";

/** A client of one marketplace, with one token and one rate limit for all its calls. */
export interface ImcloudClient extends ResourcesWithHelpers {
  /** openapi-fetch on the same pipeline: typed by path, and it never throws on a status. */
  http: Http;
  /** Any call to the API, also one that the document does not have. */
  request: GenericRequest;
}

function limiterOf({ rateLimit }: ClientOptions): RateLimiter {
  if (rateLimit === false) return unlimited;
  return isRateLimiter(rateLimit) ? rateLimit : createRateLimiter(rateLimit);
}

/** What each attempt is shown to. */
function observersOf({ auth, subscriptionKey, logger, logLevel = "info", tracer }: ClientOptions): Middleware[] {
  if (!logger && !tracer) return [];
  const redactor = createClientRedactor(auth, subscriptionKey);
  return [
    learnTokens(redactor),
    ...(logger ? [logging(logger, logLevel, redactor)] : []),
    ...(tracer ? [tracing(tracer, redactor)] : []),
  ];
}

/** The way of every call, from top to bottom: around the call, then around each attempt, then to the network. */
function createPipeline(options: Checked<ClientOptions>, observers: Middleware[]): Handler {
  const { auth, baseUrl, validate, logger = console, logLevel = "info" } = options;
  const warn = (line: string) => isLogged("warn", logLevel) && quietly(() => options.logger?.warn(line, {}));
  const limiter = limiterOf(options);
  const policy = retryPolicy(options.retry);
  const timeoutOfAttempt = options.timeout;
  const headers = defaultHeaders(options);

  const attempt = compose([...observers, timeout(timeoutOfAttempt)], createTransport(createFetch(options.fetch)));

  // Another host's calls are not counted by the API.
  const send = compose([retry(policy, timeoutOfAttempt), rateLimit(limiter)], attempt);
  const sendElsewhere = compose([retry(policy, timeoutOfAttempt), rateLimit(unlimited)], attempt);
  const tokens = createTokens(options, { headers, send, sendElsewhere }, warn);

  return compose(
    [
      ...(validate ? [validation(validate, logger, logLevel)] : []),
      stayBelow(baseUrl),
      addHeaders(headers),
      basicForToken(auth),
      retry(policy, timeoutOfAttempt),
      authorize(tokens, limiter),
    ],
    attempt,
  );
}

/**
 * Makes a client. Nothing is sent until the first call, which signs in.
 * @throws {@link TypeError} when an option is missing or not of its kind
 */
export function createClient(options: ClientOptions): ImcloudClient {
  const checked = checkClient(options);
  const { baseUrl, timeout } = checked;
  const observers = observersOf(checked);
  const send = createPipeline(checked, observers);
  const call: Call = createCall(baseUrl, send);
  const resources = createResources(operations, call, createList(call)) as Resources;
  const parts = { fetch: createFetch(checked.fetch), policy: retryPolicy(checked.retry), timeout, observers };
  return {
    ...withHelpers(resources, parts),
    http: createPipelinedHttp(baseUrl, send),
    request: createGenericRequest(call),
  };
}
