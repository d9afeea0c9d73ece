import type { IHttpRequest } from "@stoplight/prism-http";
import type { IHttpOperation } from "@stoplight/types";
import { type ApiResponse, applicationError } from "../core/messages/responses.ts";
import type { Examples } from "./examples.ts";
import { createPrism } from "./instance.ts";
import type { Preferences } from "./prefer.ts";
import type { ValidationComponents } from "./validation.ts";

/** A request that nothing is wrong with. */
export interface GoodRequest {
  request: IHttpRequest;
  operation: IHttpOperation;
  /** The values of the path's parameters. */
  params: Readonly<Record<string, string>>;
  preferences: Preferences | undefined;
}

/**
 * Responds from the document's examples by Prism's own mocker: with the one that shows the thing that the path names, or is most
 * like what was sent, or that the caller prefers. Remembers nothing.
 * @param missing the error for what a path names and does not exist; without it, what no example shows does not
 */
export function createStatelessResponder(
  examples: Examples,
  validation: ValidationComponents,
  missing?: (request: IHttpRequest) => ApiResponse | undefined,
): (good: GoodRequest) => Promise<ApiResponse> {
  const prism = createPrism(validation);

  function missingIn({ request, operation, params }: GoodRequest): ApiResponse | undefined {
    if (missing) return missing(request);
    const what = examples.missing(operation, params);
    return what === undefined ? undefined : applicationError(404, `No ${what}`, request.url.path);
  }

  return async (good) => {
    const { request, operation, params, preferences = {} } = good;
    const error = missingIn(good);
    if (error) return error;
    const isChosen = preferences.code !== undefined || preferences.dynamic;
    const exampleKey =
      preferences.exampleKey ?? (isChosen ? undefined : examples.example(operation, params, request.body));
    const mock = { dynamic: false, ...preferences, ...(exampleKey !== undefined && { exampleKey }) };
    return prism(request, operation, { checkSecurity: false, validateRequest: false, mock });
  };
}
