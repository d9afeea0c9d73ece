import * as validators from "@imcloud/spec/validators";
import type { IHttpRequest, PrismHttpComponents } from "@stoplight/prism-http";
import { right } from "fp-ts/lib/Either.js";
import type { Engine, EngineCall } from "../core/api/api.ts";
import { type ApiResponse, applicationError, withCorrelation } from "../core/messages/responses.ts";
import { missingThing } from "../core/operations/existence.ts";
import type { Perform } from "../core/operations/perform.ts";
import type { Route } from "../core/router.ts";
import type { Tokens } from "../core/tokens.ts";
import type { Prepared } from "./document.ts";
import { createPrism } from "./instance.ts";
import { asPrismResponse, toPrismRequest } from "./messages.ts";
import { PreferenceError, type Preferences, preferencesOf } from "./prefer.ts";
import { TOKEN_PATH, toErrorResponse } from "./request-errors.ts";
import { createStatelessResponder } from "./stateless.ts";
import { validationComponents } from "./validation.ts";

type Mocker = PrismHttpComponents["mock"];

/** What a request carries through Prism for our components. */
interface Carried {
  route: Route;
  call: EngineCall;
  preferences: Preferences | undefined;
}

/** Stands for a response that is still to come, from the examples. */
const FROM_EXAMPLES = asPrismResponse({ statusCode: 200, body: undefined });

function readPreferences(request: IHttpRequest): Preferences | PreferenceError | undefined {
  try {
    return preferencesOf(request);
  } catch (error) {
    if (error instanceof PreferenceError) return error;
    throw error;
  }
}

/**
 * Prism's engine with components of ours: the document's validators in the place of its own, and a mocker that words errors as the
 * API does, signs in, and responds from a store. Where there is no store or `Prefer` asks, Prism's own mocker responds from the
 * examples.
 * @param isStateless responses come from the document's examples alone, but for the sign-in
 * @param now the time on the mock's clock, in milliseconds since 1970
 */
export function createPrismEngine(
  { examples, byId }: Prepared,
  tokens: Tokens,
  perform: Perform,
  isStateless: boolean,
  now: () => number,
): Engine {
  const carried = new WeakMap<IHttpRequest, Carried>();
  const carriedBy = (request: IHttpRequest): Carried => {
    const found = carried.get(request);
    if (!found) throw new Error("Prism has made another request of this one.");
    return found;
  };

  function performed(request: IHttpRequest, { route, call }: Carried): ApiResponse {
    const { url, body } = request;
    return perform(route.id, { ...call, path: url.path, params: route.params, query: url.query ?? {}, body });
  }

  const mock: Mocker =
    ({ resource, input }) =>
    () => {
      const { data, validations } = input;
      const known = carriedBy(data);
      const isPerformed = !known.preferences && (!isStateless || resource.path === TOKEN_PATH);
      const error = toErrorResponse(resource, data, validations, tokens);
      if (!error && !isPerformed) return right(FROM_EXAMPLES);
      return right(asPrismResponse(withCorrelation(error ?? performed(data, known), now())));
    };

  const validation = validationComponents(validators, (request) => carriedBy(request).route.params);
  const prism = createPrism({
    ...validation,
    mock,
    validateOutput: (given) =>
      given.element === FROM_EXAMPLES ? right(given.element) : validation.validateOutput(given),
  });
  const respondFromExamples = createStatelessResponder(
    examples,
    validation,
    // What exists is what the store says.
    isStateless ? undefined : (request) => missingThing(carriedBy(request).route, request.url.path, perform),
  );

  return async (read, route, call) => {
    const request = toPrismRequest(read);
    const preferences = readPreferences(request);
    if (preferences instanceof PreferenceError) return applicationError(400, preferences.message, read.path);
    const operation = byId.get(route.id);
    if (!operation) throw new Error(`Prism knows no operation ${route.id}.`);
    carried.set(request, { route, call, preferences });
    const response = await prism(request, operation);
    if (response !== FROM_EXAMPLES) return response;
    return withCorrelation(await respondFromExamples({ request, operation, params: route.params, preferences }), now());
  };
}
