import { compose, type Middleware } from "../core/pipeline.ts";
import type { Redactor } from "../core/redact.ts";

/** Tells a redactor of each token that is sent, before anything of the attempt is shown. */
export const learnTokens =
  (redactor: Redactor): Middleware =>
  (request, next) => {
    redactor.learn(request.headers.authorization?.replace(/^\w+ /, "") ?? "");
    return next(request);
  };

/** Several middleware as one. The first is the outermost. */
export const inOne =
  (...middleware: readonly Middleware[]): Middleware =>
  (request, next) =>
    compose(middleware, next)(request);
