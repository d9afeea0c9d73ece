import { createSignIn } from "./auth/sign-in.ts";
import { createTokenSource } from "./auth/token.ts";
import { type Call, createCall } from "./calls/call.ts";
import { createList } from "./calls/pages.ts";
import { createRequest, type GenericRequest } from "./calls/request.ts";
import { createResources } from "./generated/resources.ts";
import { createLazy } from "./http/lazy.ts";
import type { Http } from "./http/openapi-fetch.ts";
import { type ResourcesWithJobs, withJobs } from "./jobs/jobs.ts";
import { type ClientOptions, checkOptions } from "./options.ts";
import { withAuthorization, withRateLimit, withToken } from "./pipeline/authorize.ts";
import { withBaseUrl } from "./pipeline/base-url.ts";
import { headersOf, withHeaders } from "./pipeline/headers.ts";
import { createRateLimiter, unlimited } from "./pipeline/rate-limit.ts";
import { retryPolicy, withRetry } from "./pipeline/retry.ts";
import { loaded, type Send } from "./pipeline/send.ts";
import { createTransport } from "./pipeline/transport.ts";

/** A client of one marketplace, with one token and one rate limit for all its calls. */
export interface ImcloudClient extends ResourcesWithJobs {
  /** openapi-fetch on the same pipeline: typed by path, and it never throws on a status. */
  http: Http;
  /** Any call to the API, also one that the document does not have. */
  request: GenericRequest;
}

/**
 * Makes a client. Nothing is sent until the first call, which signs in.
 * @throws TypeError when an option is missing or not of its kind
 */
export function createClient(options: ClientOptions): ImcloudClient {
  const checked = checkOptions(options);
  const { baseUrl, auth, retry, rateLimit, logger, tracer, validate } = checked;
  const policy = retryPolicy(retry);
  const limiter =
    rateLimit === false ? unlimited : rateLimit && "acquire" in rateLimit ? rateLimit : createRateLimiter(rateLimit);
  const headers = headersOf(checked);

  const observe = (send: Send) =>
    logger || tracer ? loaded(async () => (await import("./observe/index.ts")).observed(send, checked)) : send;
  const sent = observe(createTransport(checked.fetch, checked.timeout));
  const limited = withRetry(withRateLimit(sent, limiter), policy);

  // Another host's calls are not counted by the API.
  const signIn = createSignIn(checked, headers, limited, withRetry(withRateLimit(sent, unlimited), policy));
  const withOurToken = withRetry(withToken(sent, createTokenSource(signIn, checked.tokenStore), limiter), policy);
  const unchecked = withBaseUrl(withHeaders(withAuthorization(withOurToken, limited, auth), headers), baseUrl);
  const send = validate
    ? loaded(async () => (await import("./validate/validate.ts")).withValidation(unchecked, checked))
    : unchecked;

  const call: Call = createCall(baseUrl, send);
  const resources = createResources(call, createList(call));
  return {
    ...withJobs(resources, async () => (await import("./jobs/create-jobs.ts")).createJobs(resources, checked, observe)),
    http: createLazy(async () => (await import("./http/pipelined.ts")).createPipelined(baseUrl, send)),
    request: createRequest(call),
  };
}
