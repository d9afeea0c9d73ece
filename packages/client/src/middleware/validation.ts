import type { Middleware } from "../core/pipeline.ts";

/** What checks responses against the document. `validator()` of `@imcloud/client/validate` makes one. */
export interface Validator {
  /**
   * Makes the step that checks.
   * @param warn writes a line to the log, or to the console where there is no logger
   */
  middleware(warn: (line: string, details: object) => void): Middleware;
}
