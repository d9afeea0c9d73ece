import { createRequire } from "node:module";
import type { IHttpRequest, PrismHttpComponents } from "@stoplight/prism-http";
import type { HttpSecurityScheme, IHttpOperation } from "@stoplight/types";
import { isRight, right } from "fp-ts/lib/Either.js";

type CheckSecurity = PrismHttpComponents["validateSecurity"];

// Required, not imported: bundlers and Node disagree on what a CommonJS module's default import is.
const require = createRequire(import.meta.url);
const {
  validateSecurity,
}: { validateSecurity: CheckSecurity } = require("@stoplight/prism-http/dist/validator/index.js");

/** The header that a scheme reads; `undefined` for one that reads something else. */
function headerOf(scheme: HttpSecurityScheme): string | undefined {
  if (scheme.type === "http") return "authorization";
  return scheme.type === "apiKey" && scheme.in === "header" ? scheme.name.toLowerCase() : undefined;
}

/** Gives all that an operation's schemes read of a request; `undefined` where that is more than headers. */
function readerOf({ security = [] }: IHttpOperation): ((request: IHttpRequest) => string) | undefined {
  const names = security.flat().map(headerOf);
  if (!names.every((name) => name !== undefined)) return undefined;
  return ({ headers = {} }) => names.map((name) => headers[name]).join("\n");
}

/** Prism's check of security, which is not asked again about a request that shows what the last one passed with. */
export function createSecurityCheck(operations: readonly IHttpOperation[]): CheckSecurity {
  const readers = new Map(operations.map((operation) => [operation, readerOf(operation)]));
  const passed = new Map<IHttpOperation, string | undefined>();
  return (asked) => {
    const { resource, element } = asked;
    const shown = readers.get(resource)?.(element);
    if (shown !== undefined && shown === passed.get(resource)) return right(element);
    const checked = validateSecurity(asked);
    if (isRight(checked)) passed.set(resource, shown);
    return checked;
  };
}
