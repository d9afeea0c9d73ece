import { createRequire } from "node:module";
import type { PrismHttpComponents } from "@stoplight/prism-http";
import { isLeft, right } from "fp-ts/lib/Either.js";
import { applicationError, asPrismAnswer } from "../server/answers.ts";
import type { Examples } from "./examples.ts";

export type Mocker = PrismHttpComponents["mock"];

// Required, not imported: bundlers and Node disagree on what a CommonJS module's default import is.
const prismMocker: { default: Mocker } = createRequire(import.meta.url)("@stoplight/prism-http/dist/mocker/index.js");

/**
 * Answers from the document's examples, as stock Prism does: with the one that shows the thing that the path names, or is most like
 * what was sent, or that `Prefer` asks for. Remembers nothing.
 */
export const createStatelessMocker =
  (examples: Examples): Mocker =>
  ({ resource, input, config }) =>
  (logger) => {
    const { path } = input.data.url;
    const missing = examples.missing(resource, path);
    if (missing) return right(asPrismAnswer(applicationError(404, `No ${missing}`, path)));
    const exampleKey =
      config.exampleKey ??
      (config.code || config.dynamic ? undefined : examples.example(resource, path, input.data.body));
    const answer = prismMocker.default({
      resource,
      input,
      config: { ...config, ...(exampleKey !== undefined && { exampleKey }) },
    })(logger);
    return isLeft(answer) ? answer : right(answer.right);
  };
