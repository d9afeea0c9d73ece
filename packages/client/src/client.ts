import { checkOptions, oneOf, type Rules, readable } from "@imcloud/options";
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
import type { UseOptions } from "./middleware/user.ts";
import {
  type ClientOptionChanges,
  type ClientOptions,
  checkClient,
  type ProxiedClientOptions,
} from "./options/client-options.ts";

/** A client of one marketplace, with one token and one rate limit for all its calls. */
export interface ImcloudClient extends ResourcesWithHelpers {
  /**
   * Whose things it sees: a JSON list of base URL, marketplace and, where that is known, user. Nothing in it is secret. What is kept of
   * one account is mistaken for nothing of another by it.
   */
  readonly account: string;
  /** openapi-fetch on the same pipeline: typed by path, and it never throws on a status. */
  http: Http;
  /** Any call to the API, also one that the document does not have. */
  request: GenericRequest;
  /**
   * Puts a middleware around every call from now on, or around each attempt. The client's own steps are of the same kind. The first
   * that was added is the outermost.
   * @throws {@link TypeError} when it is no function, or an option is not of its kind
   */
  use(middleware: Middleware, options?: UseOptions): void;
  /**
   * A client with some options changed. It shares the token and the rate limit of this one, unless the options that these depend on
   * are among them. It begins with the middleware that was added to this one.
   * @throws {@link TypeError} when an option is unknown or not of its kind
   */
  withOptions(options: ClientOptionChanges): ImcloudClient;
}

/** Options that a token depends on. */
const TOKEN_OPTIONS = ["baseUrl", "marketplace", "auth", "subscriptionKey", "tokenStore"] as const;

/** Options by which a client sees other orders and customers. */
const ACCOUNT_OPTIONS = ["baseUrl", "marketplace", "auth"] as const;

const USE_RULES: Rules<UseOptions> = { around: oneOf("call", "attempt") };

const findOperation = /* @__PURE__ */ createOperationFinder(operations);

function build(options: ClientOptions, given: Shared, journals: Journals = createJournals()): ImcloudClient {
  const checked = checkClient(options);
  // A caller may change its own later, and the token would go to another host.
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
      return build(
        { ...own, ...(changed as Partial<ClientOptions>) },
        {
          tokens: TOKEN_OPTIONS.some((name) => name in changed) ? undefined : shared.tokens,
          limiter: "rateLimit" in changed ? undefined : shared.limiter,
          aroundCall: [...shared.aroundCall],
          aroundAttempt: [...shared.aroundAttempt],
        },
        ACCOUNT_OPTIONS.some((name) => name in changed) ? undefined : journals,
      );
    },
  };
}

const create = (options: ClientOptions | ProxiedClientOptions): ImcloudClient =>
  build(options as ClientOptions, { aroundCall: [], aroundAttempt: [] });

/** The type of {@link createClient}: a function with a second one, `fromEnv`. */
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
 * @throws {@link TypeError} when an option is missing, unknown or not of its kind
 */
export const createClient: CreateClient = /* @__PURE__ */ Object.assign(create, {
  fromEnv: (options: ClientOptionChanges = {}): ImcloudClient => create(readEnvironment(options)),
});
