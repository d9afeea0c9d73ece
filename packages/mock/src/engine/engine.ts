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
import type { Call } from "../api/call.ts";
import type { Tokens } from "../api/sign-in.ts";
import { type Answer, applicationError, asPrismAnswer, stamped } from "../server/answers.ts";
import { createChecks } from "./checks.ts";
import type { Prepared } from "./document.ts";
import { logger } from "./logger.ts";
import { refusalOf, TOKEN_PATH } from "./refuse.ts";
import type { Match } from "./router.ts";
import { answerOf, createStatefulMocker } from "./stateful.ts";
import { createStatelessMocker, type Mocker } from "./stateless.ts";

/** Answers a request for an operation that was found. */
export type Engine = (request: IHttpRequest, match: Match, isDoomed: boolean) => Promise<Answer>;

/** What the handlers work with; without it, answers come from the document's examples. */
export type Context = Pick<Call, "world" | "links">;

/** What a request carries through Prism for our component. */
interface Carried {
  id: string;
  isDoomed: boolean;
}

const carried = new WeakMap<object, Carried>();

const STANDARD: IHttpConfig = {
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
  return asked.length ? { ...STANDARD, mock: { dynamic: false, ...Object.fromEntries(asked) } } : undefined;
}

/**
 * Prism's engine with a component of ours in the place of its own mocker. Prism checks security, requests and our answers; ours
 * refuses in the API's words, signs in, and answers from a world, or from the examples where there is none or `Prefer` asks.
 */
export function createEngine(
  { examples, operations }: Prepared,
  tokens: Tokens,
  context: Context | undefined,
  now: () => number,
): Engine {
  const stateless = createStatelessMocker(examples);
  const stateful =
    context &&
    createStatefulMocker((request) => {
      const { id = "", isDoomed = false } = carried.get(request) ?? {};
      return { ...context, id, isDoomed, query: request.url.query ?? {}, body: request.body };
    });

  const answer: Mocker = (asked) => (log) => {
    const { resource, input, config } = asked;
    const request = input.data;
    const refused = refusalOf(resource, request, input.validations, tokens);
    if (refused) return right(asPrismAnswer(refused));
    const isAsked = config !== STANDARD.mock;
    if (resource.path === TOKEN_PATH && !isAsked) {
      const { marketplace } = request.body as TokenCreate;
      return right(answerOf(request.url.path, () => tokens.issue(marketplace)));
    }
    return (isAsked || !stateful ? stateless : stateful)(asked)(log);
  };
  const mock: Mocker = (asked) => (log) => map((given: IHttpResponse) => stamped(given, now()))(answer(asked)(log));
  // The operation is found before: Prism's own router looks through all of them.
  const route = ({ resources }: { resources: Match["operation"][] }) => right(resources[0] as Match["operation"]);
  const checks = createChecks(operations, (request) => carried.get(request)?.id ?? "");
  const prism = createInstance(STANDARD, { logger, mock, route, ...checks });

  return async (request, { operation, id }, isDoomed) => {
    const { path } = request.url;
    const config = preferences(request);
    if (typeof config === "string") return applicationError(400, config, path);
    carried.set(request, { id, isDoomed });
    const result = await prism.request(request, [operation], config ?? STANDARD)();
    if (isLeft(result)) {
      const { left } = result;
      return left instanceof ProblemJsonError
        ? applicationError(left.status, left.detail, path)
        : applicationError(500, `The mock failed: ${left.message}`, path);
    }
    const { output, validations } = result.right;
    const faults = validations.output.filter(({ severity }) => severity === DiagnosticSeverity.Error);
    if (faults.length) {
      const message = `The mock's own answer breaks the document: ${faults.map((fault) => fault.message).join("; ")}`;
      return applicationError(500, message, path);
    }
    return output as Answer;
  };
}
