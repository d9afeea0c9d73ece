import { factory } from "@stoplight/prism-core";
import type { IHttpConfig, IHttpRequest, IHttpResponse, PrismHttpComponents } from "@stoplight/prism-http";
import { DiagnosticSeverity, type IHttpOperation } from "@stoplight/types";
import { left, right } from "fp-ts/lib/Either.js";
import type { Engine, EngineCall } from "../core/api/api.ts";
import { requestError, TOKEN_PATH } from "../core/api/request-errors.ts";
import type { Route } from "../core/document/router.ts";
import { type ApiResponse, applicationError, withCorrelation } from "../core/messages/responses.ts";
import { missingThing } from "../core/operations/missing-resource.ts";
import type { Performer, ValidCall } from "../core/operations/perform.ts";
import type { Tokens } from "../core/tokens.ts";
import { createResponder, MOCK_CONFIG, routeGiven } from "./instance.ts";
import { logger } from "./logger.ts";
import { asPrismResponse, toPrismRequest } from "./messages.ts";
import { operationsById } from "./operations.ts";
import { PreferenceError, type Preferences, preferencesOf } from "./prefer.ts";
import type { StatelessResponder } from "./stateless.ts";
import { validationComponents } from "./validation.ts";

type Mocker = PrismHttpComponents["mock"];

/** What a request carries through Prism for our components. */
interface Carried {
  route: Route;
  call: EngineCall;
  preferences: Preferences | undefined;
}

/** A request on its way through Prism. A table beside it costs each request more than all of its checks. */
interface CarryingRequest extends IHttpRequest {
  carried?: Carried;
}

function carriedBy({ carried }: CarryingRequest): Carried {
  if (!carried) throw new Error("Prism has made another request of this one.");
  return carried;
}

/** Whether the body of a response was validated before anything was committed. */
const isValidated = (response: IHttpResponse & Pick<ApiResponse, "isValidated">) => response.isValidated === true;

/** Placeholders for a response that is still to come: from the examples, or from an override. */
const FROM_EXAMPLES = asPrismResponse({ statusCode: 200, body: undefined });
const FROM_OVERRIDE = asPrismResponse({ statusCode: 200, body: undefined });

function readPreferences(request: IHttpRequest): Preferences | PreferenceError | undefined {
  try {
    return preferencesOf(request);
  } catch (error) {
    if (error instanceof PreferenceError) return error;
    throw error;
  }
}

/**
 * Prism's core with components of ours: the document's validators in the place of its own, and a mocker that words errors as the
 * API does, signs in, and responds from a store. Where there is no store or `Prefer` asks, Prism's own mocker responds from the
 * examples. That is loaded once it is needed, as it takes longer than all the rest of the mock.
 * @param isStateless responses come from the document's examples alone, but for the sign-in
 * @param now the time on the mock's clock, in milliseconds since 1970
 */
export async function createPrismEngine(
  tokens: Tokens,
  performer: Performer,
  isStateless: boolean,
  now: () => number,
): Promise<Engine> {
  const validCall = (request: IHttpRequest): ValidCall => {
    const { route, call } = carriedBy(request);
    const { url, body } = request;
    return { ...call, path: url.path, params: route.params, query: url.query ?? {}, body };
  };

  const mock: Mocker =
    ({ resource, input }) =>
    () => {
      const { data, validations } = input;
      const { route, preferences } = carriedBy(data);
      const judged = { template: resource.path, path: data.url.path, authorization: data.headers?.authorization };
      const errors = validations.filter(({ severity }) => severity === DiagnosticSeverity.Error);
      const error = requestError(judged, errors, tokens);
      const isPerformed = !preferences && (!isStateless || resource.path === TOKEN_PATH);
      if (!error && !isPerformed) return right(FROM_EXAMPLES);
      if (!error && performer.isOverridden(route.id)) return right(FROM_OVERRIDE);
      const response = error ?? performer.perform(route.id, validCall(data));
      return right(asPrismResponse(withCorrelation(response, now())));
    };

  const validation = validationComponents({ pathOf: (request) => carriedBy(request).route.params });
  const components: PrismHttpComponents = {
    ...validation,
    mock,
    validateOutput: (given) =>
      given.element === FROM_EXAMPLES || given.element === FROM_OVERRIDE || isValidated(given.element)
        ? right(given.element)
        : validation.validateOutput(given),
    route: routeGiven,
    forward: () => () => () => Promise.resolve(left(new Error("A mock forwards nothing."))),
    logger,
  };
  const respond = createResponder(
    factory<IHttpOperation, IHttpRequest, IHttpResponse, IHttpConfig>(MOCK_CONFIG, components),
  );
  let loading: Promise<StatelessResponder> | undefined;
  const loadStatelessResponder = () => {
    loading ??= import("./stateless.ts").then(({ createStatelessResponder }) =>
      createStatelessResponder(
        validation,
        // What exists is what the store says.
        isStateless ? undefined : (request) => missingThing(carriedBy(request).route, request.url.path, performer),
      ),
    );
    return loading;
  };
  if (isStateless) await loadStatelessResponder();

  return async (read, route, call) => {
    const request: CarryingRequest = toPrismRequest(read);
    const preferences = readPreferences(request);
    if (preferences instanceof PreferenceError) return applicationError(400, preferences.message, read.path);
    const operation = operationsById.get(route.id);
    if (!operation) throw new Error(`Prism knows no operation ${route.id}.`);
    request.carried = { route, call, preferences };
    const response = await respond(request, operation);
    if (response === FROM_OVERRIDE) return performer.performOverridden(route.id, validCall(request));
    if (response !== FROM_EXAMPLES) return response;
    const respondFromExamples = await loadStatelessResponder();
    return withCorrelation(
      await respondFromExamples({ request, id: route.id, params: route.params, preferences }),
      now(),
    );
  };
}
