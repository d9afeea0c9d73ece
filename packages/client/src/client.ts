import { keepAlive } from "./abort.ts";
import { withBaseUrl } from "./base-url.ts";
import { type AnyRequest, type Call, createCall } from "./call.ts";
import { withConnectionErrors } from "./connection.ts";
import { createResources, type Resources } from "./generated/resources.ts";
import { withHeaders } from "./headers.ts";
import { createHttp, type Http } from "./http.ts";
import { type ClientOptions, checkOptions } from "./options.ts";
import { createList } from "./pages.ts";
import { createRequest, type GenericRequest } from "./request.ts";
import { createSignIn, withToken } from "./sign-in.ts";
import { withTimeout } from "./timeout.ts";
import { createTokenSource } from "./token.ts";

/** A client of one marketplace, with one token for all its calls. */
export interface ImcloudClient extends Resources {
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
  const { baseUrl, marketplace, auth, subscriptionKey, clientId, timeout, fetch } = checkOptions(options);

  const identified = withHeaders(
    withConnectionErrors(async (request) => keepAlive(await fetch(request), request)),
    {
      accept: "application/json",
      "x-subscription-key": subscriptionKey,
      "x-client-id": clientId,
    },
  );
  const signIn = createSignIn(withTimeout(identified, timeout), baseUrl, auth, { marketplace });
  const authorized = withToken(identified, createTokenSource(signIn), baseUrl, auth);
  const send = withBaseUrl(withTimeout(authorized, timeout), baseUrl);

  const { openApiFetch, http } = createHttp(baseUrl, send);
  const call: Call = createCall(openApiFetch.request as unknown as AnyRequest, send);
  return { ...createResources(call, createList(call)), http, request: createRequest(call) };
}
