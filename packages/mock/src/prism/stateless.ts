import { createInstance, type IHttpRequest } from "@stoplight/prism-http";
import type { IHttpOperation } from "@stoplight/types";
import { type ApiResponse, applicationError } from "../core/messages/responses.ts";
import { prepare } from "./document.ts";
import { createResponder, MOCK_CONFIG, routeGiven } from "./instance.ts";
import { logger } from "./logger.ts";
import type { Preferences } from "./prefer.ts";
import type { ValidationComponents } from "./validation.ts";

/** A request that nothing is wrong with. */
export interface GoodRequest {
  request: IHttpRequest;
  /** Its operation's id. */
  id: string;
  /** The values of the path's parameters. */
  params: Readonly<Record<string, string>>;
  preferences: Preferences | undefined;
}

/** Responds to a request from the document's examples. */
export type StatelessResponder = (good: GoodRequest) => Promise<ApiResponse>;

/** Why a preferred example of a preferred status is none, in a sentence: Prism takes that for a fault of its own. */
function unknownExample({ responses }: IHttpOperation, { code, exampleKey, dynamic }: Preferences) {
  if (code === undefined || exampleKey === undefined || dynamic) return undefined;
  const response = responses.find((documented) => documented.code === String(code));
  const examples = response?.contents?.flatMap((content) => content.examples ?? []);
  if (!examples || examples.some(({ key }) => key === exampleKey)) return undefined;
  return `The document has no example ${JSON.stringify(exampleKey)} of status ${code}.`;
}

/**
 * Responds from the document's examples by Prism's own mocker: with the one that shows the thing that the path names, or is most
 * like what was sent, or that the caller prefers. Remembers nothing.
 * @param missing the error for what a path names and does not exist; without it, what no example shows does not
 */
export async function createStatelessResponder(
  validation: ValidationComponents,
  missing?: (request: IHttpRequest) => ApiResponse | undefined,
): Promise<StatelessResponder> {
  const { byId, examples } = await prepare();
  const respond = createResponder(createInstance(MOCK_CONFIG, { ...validation, route: routeGiven, logger }));

  function missingIn({ request, params }: GoodRequest, operation: IHttpOperation): ApiResponse | undefined {
    if (missing) return missing(request);
    const what = examples.missing(operation, params);
    return what === undefined ? undefined : applicationError(404, `No ${what}`, request.url.path);
  }

  return async (good) => {
    const { request, id, params, preferences = {} } = good;
    const operation = byId.get(id);
    if (!operation) throw new Error(`Prism knows no operation ${id}.`);
    const error = missingIn(good, operation);
    if (error) return error;
    const unknown = unknownExample(operation, preferences);
    if (unknown !== undefined) return applicationError(404, unknown, request.url.path);
    const isChosen = preferences.code !== undefined || preferences.dynamic;
    const exampleKey =
      preferences.exampleKey ?? (isChosen ? undefined : examples.example(operation, params, request.body));
    const mock = { dynamic: false, ...preferences, ...(exampleKey !== undefined && { exampleKey }) };
    return respond(request, operation, { checkSecurity: false, validateRequest: false, mock });
  };
}
