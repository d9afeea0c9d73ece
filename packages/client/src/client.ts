import { createBasicSignIn, createOAuth2SignIn, createOwnSignIn } from "./auth/sign-in.ts";
import { createTokenSource } from "./auth/token.ts";
import { type Call, createCall } from "./calls/call.ts";
import { createHttp, type Http } from "./calls/http.ts";
import { createList } from "./calls/pages.ts";
import { createRequest, type GenericRequest } from "./calls/request.ts";
import { createResources } from "./generated/resources.ts";
import { version } from "./generated/version.ts";
import { type ResourcesWithJobs, withJobs } from "./jobs/jobs.ts";
import { withObservers } from "./observe/observer.ts";
import { type ClientOptions, checkOptions } from "./options.ts";
import { withAuthorization, withRateLimit, withToken } from "./pipeline/authorize.ts";
import { withBaseUrl } from "./pipeline/base-url.ts";
import { headersOf, withHeaders } from "./pipeline/headers.ts";
import { createRateLimiter, unlimited } from "./pipeline/rate-limit.ts";
import { retryPolicy, withRetry } from "./pipeline/retry.ts";
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
  const { baseUrl, marketplace, auth, retry, rateLimit, logger, tracer } = checked;
  const policy = retryPolicy(retry);
  const limiter =
    rateLimit === false ? unlimited : rateLimit && "acquire" in rateLimit ? rateLimit : createRateLimiter(rateLimit);
  const headers = headersOf(checked, version);

  const transport = createTransport(checked.fetch, checked.timeout);
  const load = async () => (await import("./observe/index.ts")).createObservers(checked);
  const sent = logger || tracer ? withObservers(transport, load) : transport;
  const limited = withRetry(withRateLimit(sent, limiter), policy);

  const signIn =
    "oauth2" in auth
      ? // Another host, whose calls the API does not count.
        createOAuth2SignIn(withRetry(withRateLimit(sent, unlimited), policy), auth.oauth2)
      : "token" in auth
        ? createOwnSignIn(auth.token)
        : createBasicSignIn(limited, baseUrl, auth, headers, marketplace);
  const withOurToken = withRetry(withToken(sent, createTokenSource(signIn, checked.tokenStore), limiter), policy);
  const send = withBaseUrl(withHeaders(withAuthorization(withOurToken, limited, auth), headers), baseUrl);

  const call: Call = createCall(baseUrl, send);
  return {
    ...withJobs(createResources(call, createList(call)), async (get) => {
      const { createDownload } = await import("./jobs/download.ts");
      return createDownload(checked.fetch, policy, checked.timeout, get);
    }),
    http: createHttp(baseUrl, send),
    request: createRequest(call),
  };
}
