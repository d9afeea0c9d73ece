import { createRequire } from "node:module";
import {
  createInstance,
  type IHttpConfig,
  type IHttpRequest,
  type IHttpResponse,
  ProblemJsonError,
} from "@stoplight/prism-http";
import { DiagnosticSeverity, type IHttpOperation } from "@stoplight/types";
import { isLeft, map, right } from "fp-ts/lib/Either.js";
import type { Engine, EngineCall } from "../core/api/api.ts";
import type { Route } from "../core/api/router.ts";
import { type ApiResponse, applicationError, withCorrelation } from "../core/messages/responses.ts";
import { missingThing } from "../core/operations/existence.ts";
import type { Perform } from "../core/operations/perform.ts";
import type { Tokens } from "../core/tokens.ts";
import { createChecks } from "./checks.ts";
import type { Prepared } from "./document.ts";
import { logger } from "./logger.ts";
import { asPrismResponse, toPrismRequest } from "./messages.ts";
import { TOKEN_PATH, toErrorResponse } from "./request-errors.ts";
import { createStatelessMocker, type Mocker } from "./stateless.ts";

/** What a request carries through Prism for our component. */
interface Carried {
  route: Route;
  call: EngineCall;
}

const DEFAULT_CONFIG: IHttpConfig = {
  isProxy: false,
  checkSecurity: true,
  validateRequest: true,
  validateResponse: true,
  errors: false,
  upstreamProxy: undefined,
  mock: { dynamic: false },
};

const require = createRequire(import.meta.url);
/** Prism's reader of `Prefer`, loaded when it is first asked for. */
const loadReader = (): typeof import("@stoplight/prism-http-server/dist/getHttpConfigFromRequest.js") =>
  require("@stoplight/prism-http-server/dist/getHttpConfigFromRequest.js");

/** What `Prefer` asks for; `undefined` when it asks for nothing, a sentence when it cannot be read. */
function preferences(request: IHttpRequest): IHttpConfig | string | undefined {
  const isAsked = request.headers?.prefer || Object.keys(request.url.query ?? {}).some((name) => name.startsWith("__"));
  if (!isAsked) return undefined;
  const wanted = loadReader().getHttpConfigFromRequest(request);
  if (isLeft(wanted)) return wanted.left.message;
  const asked = Object.entries(wanted.right).filter(([, value]) => value !== undefined);
  return asked.length ? { ...DEFAULT_CONFIG, mock: { dynamic: false, ...Object.fromEntries(asked) } } : undefined;
}

/**
 * Prism's engine with a component of ours in the place of its own mocker. Prism checks security, requests and our responses; ours
 * words errors as the API does, signs in, and responds from a store, or from the examples where there is none or `Prefer` asks.
 * @param isStateless responses come from the document's examples alone, but for the sign-in
 * @param now the time on the mock's clock, in milliseconds since 1970
 */
export function createPrismEngine(
  { examples, operations, byId }: Prepared,
  tokens: Tokens,
  perform: Perform,
  isStateless: boolean,
  now: () => number,
): Engine {
  const carried = new WeakMap<object, Carried>();
  const carriedBy = (request: object): Carried => {
    const found = carried.get(request);
    if (!found) throw new Error("Prism has made another request of this one.");
    return found;
  };
  const paramsOf = (request: object) => carriedBy(request).route.params;
  const stateless = createStatelessMocker(
    examples,
    paramsOf,
    // What exists is what the store says.
    isStateless ? undefined : (request) => missingThing(carriedBy(request).route, request.url.path, perform),
  );

  function performed(request: IHttpRequest): ApiResponse {
    const { route, call } = carriedBy(request);
    const { url, body } = request;
    return perform(route.id, { ...call, path: url.path, params: route.params, query: url.query ?? {}, body });
  }

  const respond: Mocker = (asked) => (log) => {
    const { resource, input, config } = asked;
    const request = input.data;
    const error = toErrorResponse(resource, request, input.validations, tokens);
    if (error) return right(asPrismResponse(error));
    const isAsked = config !== DEFAULT_CONFIG.mock;
    const isPerformed = !isStateless || resource.path === TOKEN_PATH;
    if (isPerformed && !isAsked) return right(asPrismResponse(performed(request)));
    return stateless(asked)(log);
  };
  const mock: Mocker = (asked) => (log) =>
    map((response: IHttpResponse) => withCorrelation(response, now()))(respond(asked)(log));
  // The operation is found before: Prism's own router looks through all of them.
  const route = ({ resources }: { resources: IHttpOperation[] }) => right(resources[0] as IHttpOperation);
  const checks = createChecks(operations, paramsOf);
  const prism = createInstance(DEFAULT_CONFIG, { logger, mock, route, ...checks });

  return async (read, route, call) => {
    const request = toPrismRequest(read);
    const { path } = read;
    const config = preferences(request);
    if (typeof config === "string") return applicationError(400, config, path);
    const operation = byId.get(route.id);
    if (!operation) throw new Error(`Prism knows no operation ${route.id}.`);
    carried.set(request, { route, call });
    const result = await prism.request(request, [operation], config ?? DEFAULT_CONFIG)();
    if (isLeft(result)) {
      const { left } = result;
      return left instanceof ProblemJsonError
        ? applicationError(left.status, left.detail, path)
        : applicationError(500, `The mock failed: ${left.message}`, path);
    }
    const { output, validations } = result.right;
    const violations = validations.output.filter(({ severity }) => severity === DiagnosticSeverity.Error);
    if (violations.length) {
      const message = `The mock's own response breaks the document: ${violations.map((violation) => violation.message).join("; ")}`;
      return applicationError(500, message, path);
    }
    return output as ApiResponse;
  };
}
