import { createRequire } from "node:module";
import type { TokenCreate } from "@imcloud/spec";
import {
  createInstance,
  type IHttpConfig,
  type IHttpRequest,
  type IHttpResponse,
  ProblemJsonError,
} from "@stoplight/prism-http";
import { DiagnosticSeverity } from "@stoplight/types";
import { isLeft, map, right } from "fp-ts/lib/Either.js";
import type { ApiRequest } from "../core/messages/request.ts";
import { type ApiResponse, applicationError, withCorrelation } from "../core/messages/responses.ts";
import type { AnyCall } from "../core/operations/handler.ts";
import type { Tokens } from "../core/tokens.ts";
import { createChecks } from "./checks.ts";
import type { Prepared } from "./document.ts";
import { logger } from "./logger.ts";
import { asPrismResponse, toPrismRequest } from "./messages.ts";
import { TOKEN_PATH, toErrorResponse } from "./request-errors.ts";
import type { Match } from "./router.ts";
import { createStatefulMocker, responseOf } from "./stateful.ts";
import { createStatelessMocker, type Mocker } from "./stateless.ts";

/** Responds to a request for an operation that was found. */
export type Engine = (request: ApiRequest, match: Match, call: EngineCall) => Promise<ApiResponse>;

/** What is to be known of a call beside its request. */
export type EngineCall = Pick<AnyCall, "failsProvisioning" | "note">;

/** What the handlers work with; without it, responses come from the document's examples. */
export type EngineContext = Pick<AnyCall, "store" | "links">;

/** What a request carries through Prism for our component. */
interface Carried {
  params: Match["params"];
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
 */
export function createEngine(
  { examples, operations }: Prepared,
  tokens: Tokens,
  context: EngineContext | undefined,
  now: () => number,
): Engine {
  const carried = new WeakMap<object, Carried>();
  const paramsOf = (request: object) => carried.get(request)?.params ?? {};
  const stateless = createStatelessMocker(examples, paramsOf);
  const stateful =
    context &&
    createStatefulMocker((request) => ({
      ...context,
      ...(carried.get(request)?.call ?? { failsProvisioning: false, note: () => {} }),
      params: paramsOf(request),
      query: request.url.query ?? {},
      body: request.body,
    }));

  const respond: Mocker = (asked) => (log) => {
    const { resource, input, config } = asked;
    const request = input.data;
    const error = toErrorResponse(resource, request, input.validations, tokens);
    if (error) return right(asPrismResponse(error));
    const isAsked = config !== DEFAULT_CONFIG.mock;
    if (resource.path === TOKEN_PATH && !isAsked) {
      const { marketplace } = request.body as TokenCreate;
      return right(responseOf(request.url.path, () => tokens.issue(marketplace)));
    }
    return (isAsked || !stateful ? stateless : stateful)(asked)(log);
  };
  const mock: Mocker = (asked) => (log) =>
    map((response: IHttpResponse) => withCorrelation(response, now()))(respond(asked)(log));
  // The operation is found before: Prism's own router looks through all of them.
  const route = ({ resources }: { resources: Match["operation"][] }) => right(resources[0] as Match["operation"]);
  const checks = createChecks(operations, paramsOf);
  const prism = createInstance(DEFAULT_CONFIG, { logger, mock, route, ...checks });

  return async (read, { operation, params }, call) => {
    const request = toPrismRequest(read);
    const { path } = read;
    const config = preferences(request);
    if (typeof config === "string") return applicationError(400, config, path);
    carried.set(request, { params, call });
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
