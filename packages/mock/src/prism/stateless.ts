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

/** The preferred example of a preferred status, and the media types that have it; `undefined` where none is named. */
function preferredExample({ responses }: IHttpOperation, { code, exampleKey, dynamic }: Preferences) {
  if (code === undefined || exampleKey === undefined || dynamic) return undefined;
  const contents = responses.find((documented) => documented.code === String(code))?.contents;
  if (!contents) return undefined;
  const having = contents.filter(({ examples = [] }) => examples.some(({ key }) => key === exampleKey));
  return {
    code,
    exampleKey,
    mediaTypes: having.map(({ mediaType }) => mediaType),
    isOneOfSeveral: contents.length > 1,
  };
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
    const named = preferredExample(operation, preferences);
    // Prism takes an example that is not there for a fault of its own.
    if (named && !named.mediaTypes.length) {
      const message = `The document has no example ${JSON.stringify(named.exampleKey)} of status ${named.code}.`;
      return applicationError(404, message, request.url.path);
    }
    const isChosen = preferences.code !== undefined || preferences.dynamic;
    const exampleKey =
      preferences.exampleKey ?? (isChosen ? undefined : examples.example(operation, params, request.body));
    const mock = {
      ...{ dynamic: false, ...preferences },
      ...(exampleKey !== undefined && { exampleKey }),
      // Prism looks for it among those of the first media type that the caller accepts alone.
      ...(named?.isOneOfSeveral && { mediaTypes: named.mediaTypes }),
    };
    return respond(request, operation, { checkSecurity: false, validateRequest: false, mock });
  };
}
