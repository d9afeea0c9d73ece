import type { IHttpRequest, PrismHttpComponents } from "@stoplight/prism-http";
import { DiagnosticSeverity, type IHttpOperation } from "@stoplight/types";
import { isMockUser, type Tokens } from "../api/sign-in.ts";
import { type Answer, applicationError } from "../server/answers.ts";

type Violations = Parameters<PrismHttpComponents["mock"]>[0]["input"]["validations"];

export const TOKEN_PATH = "/token";

/** A fault in words. Prism writes the names of query parameters in lower case; here they are as the document has them. */
function sentence({ message, path = [] }: Violations[number], { request }: IHttpOperation): string {
  const [place, name] = path;
  const known = place === "query" && request?.query?.find((parameter) => parameter.name.toLowerCase() === name);
  return known ? message.replace(` ${name} `, ` ${known.name} `) : message;
}

/** The API's own words for what Prism found wrong with a request, every fault named. */
function refusal(operation: IHttpOperation, violations: Violations, path: string): Answer | undefined {
  const faults = violations.filter(({ severity }) => severity === DiagnosticSeverity.Error);
  const [first] = faults;
  if (!first) return undefined;
  const coded = faults.find(({ code }) => code === 401 || code === 415);
  if (coded?.code === 401) {
    return applicationError(401, "Sign in first: the call needs an Authorization header", path, {
      "www-authenticate": path === TOKEN_PATH ? "Basic" : "Bearer",
    });
  }
  if (coded) return applicationError(415, coded.message, path);
  return applicationError(400, faults.map((fault) => sentence(fault, operation)).join("; "), path);
}

/** Why the caller may not make this call. */
function unauthorized(operation: IHttpOperation, request: IHttpRequest, tokens: Tokens): Answer | undefined {
  const { authorization } = request.headers ?? {};
  const { path } = request.url;
  if (operation.path === TOKEN_PATH) {
    if (isMockUser(authorization)) return undefined;
    return applicationError(401, "The user name or the password is wrong", path, { "www-authenticate": "Basic" });
  }
  if (tokens.accepts(authorization)) return undefined;
  return applicationError(401, "The token is not valid or has ended; sign in again", path, {
    "www-authenticate": "Bearer",
  });
}

/** The refusal of a request that is wrong by the document or has no right to an answer. */
export function refusalOf(
  operation: IHttpOperation,
  request: IHttpRequest,
  violations: Violations,
  tokens: Tokens,
): Answer | undefined {
  const { path } = request.url;
  const security = violations.filter(({ code }) => code === 401);
  return (
    refusal(operation, security, path) ??
    unauthorized(operation, request, tokens) ??
    refusal(operation, violations, path)
  );
}
