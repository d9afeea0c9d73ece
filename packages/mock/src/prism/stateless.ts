import { createRequire } from "node:module";
import type { IHttpRequest, PrismHttpComponents } from "@stoplight/prism-http";
import { isLeft, right } from "fp-ts/lib/Either.js";
import { type ApiResponse, applicationError } from "../core/messages/responses.ts";
import type { Examples } from "./examples.ts";
import { asPrismResponse } from "./messages.ts";

export type Mocker = PrismHttpComponents["mock"];

// Required, not imported: bundlers and Node disagree on what a CommonJS module's default import is.
const prismMocker: { default: Mocker } = createRequire(import.meta.url)("@stoplight/prism-http/dist/mocker/index.js");

const notInExamples = (what: string | undefined, path: string) =>
  what === undefined ? undefined : applicationError(404, `No ${what}`, path);

/**
 * Responds from the document's examples, as stock Prism does: with the one that shows the thing that the path names, or is most
 * like what was sent, or that `Prefer` asks for. Remembers nothing.
 * @param paramsOf the values of the path's parameters of a request
 * @param missing the error for what a path names and does not exist; without it, what no example shows does not
 */
export const createStatelessMocker =
  (
    examples: Examples,
    paramsOf: (request: IHttpRequest) => Readonly<Record<string, string>>,
    missing?: (request: IHttpRequest) => ApiResponse | undefined,
  ): Mocker =>
  ({ resource, input, config }) =>
  (logger) => {
    const { data } = input;
    const params = paramsOf(data);
    const unknown = missing ? missing(data) : notInExamples(examples.missing(resource, params), data.url.path);
    if (unknown) return right(asPrismResponse(unknown));
    const isAsked = config.code !== undefined || config.dynamic;
    const exampleKey = config.exampleKey ?? (isAsked ? undefined : examples.example(resource, params, data.body));
    const response = prismMocker.default({
      resource,
      input,
      config: { ...config, ...(exampleKey !== undefined && { exampleKey }) },
    })(logger);
    return isLeft(response) ? response : right(response.right);
  };
