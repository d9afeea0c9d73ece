import type { IHttpRequest, PrismHttpComponents } from "@stoplight/prism-http";
import { DiagnosticSeverity, type IHttpOperation } from "@stoplight/types";
import { type ApiResponse, applicationError } from "../core/messages/responses.ts";
import { isMockUser, type Tokens } from "../core/tokens.ts";

type Violations = Parameters<PrismHttpComponents["mock"]>[0]["input"]["validations"];

export const TOKEN_PATH = "/token";

/** The API's own words for what Prism found wrong with a request, every violation named. */
function violationResponse(violations: Violations, path: string): ApiResponse | undefined {
  const errors = violations.filter(({ severity }) => severity === DiagnosticSeverity.Error);
  const [first] = errors;
  if (!first) return undefined;
  const coded = errors.find(({ code }) => code === 401 || code === 415);
  if (coded?.code === 401) {
    return applicationError(401, "Sign in first: the call needs an Authorization header", path, {
      "www-authenticate": path === TOKEN_PATH ? "Basic" : "Bearer",
    });
  }
  if (coded) return applicationError(415, coded.message, path);
  return applicationError(400, errors.map(({ message }) => message).join("; "), path);
}

/** Why the caller may not make this call. */
function unauthorized(operation: IHttpOperation, request: IHttpRequest, tokens: Tokens): ApiResponse | undefined {
  const { authorization } = request.headers ?? {};
  const { path } = request.url;
  if (operation.path === TOKEN_PATH) {
    if (isMockUser(authorization)) return undefined;
    return applicationError(401, "The user name or the password is wrong", path, { "www-authenticate": "Basic" });
  }
  if (tokens.accepts(authorization)) return undefined;
  return applicationError(401, "The token is not valid or has expired; sign in again", path, {
    "www-authenticate": "Bearer",
  });
}

/** The error for a request that is wrong by the document, or that the caller may not make. */
export function toErrorResponse(
  operation: IHttpOperation,
  request: IHttpRequest,
  violations: Violations,
  tokens: Tokens,
): ApiResponse | undefined {
  const { path } = request.url;
  const security = violations.filter(({ code }) => code === 401);
  return (
    violationResponse(security, path) ?? unauthorized(operation, request, tokens) ?? violationResponse(violations, path)
  );
}
