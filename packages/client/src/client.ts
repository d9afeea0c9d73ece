import { checkOptions, oneOf, type Rules, readable } from "@imcloud/options";
import { type Auth, isProvider } from "./auth/auth.ts";
import { ownerOf } from "./auth/tokens.ts";
import { createCall } from "./core/calls/call.ts";
import { createGenericRequest, type GenericRequest } from "./core/calls/generic-request.ts";
import { createOperationFinder } from "./core/calls/operation.ts";
import { defined } from "./core/defined.ts";
import { mergingLists } from "./core/lists/merged-list.ts";
import { createList } from "./core/lists/pages.ts";
import type { Middleware } from "./core/pipeline.ts";
import { createResources } from "./core/resources.ts";
import { createFetch } from "./core/transport/fetch.ts";
import { createPipeline, type Shared } from "./create-pipeline.ts";
import { readEnvironment } from "./environment.ts";
import { operations, type Resources } from "./generated/resources.ts";
import { createJournals, type Journals, withHelpers } from "./helpers/helpers.ts";
import type { ResourcesWithHelpers } from "./helpers/types.ts";
import { createIdentify } from "./http/identify.ts";
import type { Http } from "./http/openapi-fetch.ts";
import { createPipelinedHttp } from "./http/pipelined-http.ts";
import { retryPolicy } from "./middleware/retry.ts";
import type { UseOptions } from "./middleware/user-middleware.ts";
import {
  type ClientOptionChanges,
  type ClientOptions,
  checkClient,
  type ProxiedClientOptions,
} from "./options/client-options.ts";

/** A client of one marketplace, with one token and one rate limit for all its calls. */
export interface ImcloudClient extends ResourcesWithHelpers {
  /**
   * The account whose data it sees: a JSON list of base URL, marketplace and, if known, user. It holds no secret. Stores use it to
   * keep the data of accounts apart.
   */
  readonly account: string;
  /** openapi-fetch on the same pipeline: typed by path, and it never throws on a status. */
  http: Http;
  /** Any call to the API, also one that the document does not have. */
  request: GenericRequest;
  /**
   * Adds a middleware around every later call, or around each attempt. The client's own steps are middleware too. The first
   * added is the outermost.
   * @throws {@link TypeError} when it is not a function, or an option is invalid
   */
  use(middleware: Middleware, options?: UseOptions): void;
  /**
   * A copy of the client with changed options. It shares the token and the rate limit of this one, unless the options that these depend on
   * are changed. It starts with this client's middleware.
   * @throws {@link TypeError} when an option is unknown or invalid
   */
  withOptions(options: ClientOptionChanges): ImcloudClient;
}

/** The options that a token depends on. */
const TOKEN_OPTIONS = ["baseUrl", "marketplace", "auth", "subscriptionKey", "tokenStore"] as const;

/** Whether another sign-in is certainly one of the same user, where their accounts are the same. Whose token a function gives, nobody knows. */
const isSameUser = (one: Auth | undefined, other: Auth | undefined): boolean =>
  one === other || ![one, other].some((auth) => !auth || isProvider(auth));

const USE_RULES: Rules<UseOptions> = { around: oneOf("call", "attempt") };

const findOperation = /* @__PURE__ */ createOperationFinder(operations);

function build(options: ClientOptions, given: Shared, journals: Journals = createJournals()): ImcloudClient {
  const checked = checkClient(options);
  // A copy, as the caller could change the object later and so send the token to another host.
  const own = { ...options };
  const { baseUrl, timeout, allowInsecure } = checked;
  const { send, observers, shared } = createPipeline(checked, given);
  const call = createCall(baseUrl, send);
  const resources = createResources(operations, call, mergingLists(createList(call))) as Resources;
  const account = ownerOf(checked);
  const parts = {
    account,
    fetch: createFetch(checked.fetch),
    policy: retryPolicy(checked.retry),
    timeout,
    observers,
    journals,
    baseUrl,
    allowInsecure,
  };
  return {
    ...withHelpers(resources, parts),
    account,
    http: createPipelinedHttp(baseUrl, send, createIdentify(findOperation)),
    request: createGenericRequest(call, findOperation),
    use(middleware, useOptions = {}) {
      if (typeof middleware !== "function")
        throw new TypeError("use needs a middleware: (request, next) => next(request).");
      checkOptions(USE_RULES, useOptions, "use");
      shared[useOptions.around === "attempt" ? "aroundAttempt" : "aroundCall"].push(middleware);
    },
    withOptions(changes) {
      readable("an object of options")(changes, "withOptions");
      const changed = defined(changes);
      const options = { ...own, ...(changed as Partial<ClientOptions>) };
      const isSameAccount = ownerOf(checkClient(options)) === account;
      return build(
        options,
        {
          tokens:
            isSameAccount && TOKEN_OPTIONS.every((name) => options[name] === own[name]) ? shared.tokens : undefined,
          limiter: "rateLimit" in changed ? undefined : shared.limiter,
          aroundCall: [...shared.aroundCall],
          aroundAttempt: [...shared.aroundAttempt],
        },
        isSameAccount && isSameUser(own.auth, options.auth) ? journals : undefined,
      );
    },
  };
}

const create = (options: ClientOptions | ProxiedClientOptions): ImcloudClient =>
  build(options as ClientOptions, { aroundCall: [], aroundAttempt: [] });

/** The type of {@link createClient}, a function with `fromEnv` as a member. */
type CreateClient = ((options: ClientOptions | ProxiedClientOptions) => ImcloudClient) & {
  /**
   * Makes a client from the environment: `IMCLOUD_BASE_URL`, `IMCLOUD_MARKETPLACE`, `IMCLOUD_USERNAME` and `IMCLOUD_PASSWORD` (or
   * `IMCLOUD_TOKEN`), and `IMCLOUD_SUBSCRIPTION_KEY` where there is one.
   * @param options take precedence over the environment
   * @throws {@link TypeError} when a variable is not set, or as `createClient` does
   */
  fromEnv: (options?: ClientOptionChanges) => ImcloudClient;
};

/**
 * Makes a client. Nothing is sent until the first call, which signs in.
 * @throws {@link TypeError} when an option is missing, unknown or invalid
 */
export const createClient: CreateClient = /* @__PURE__ */ Object.assign(create, {
  fromEnv: (options: ClientOptionChanges = {}): ImcloudClient => create(readEnvironment(options)),
});
