import { type ApiResponse, applicationError } from "../messages/responses.ts";
import { isMockUser, type Tokens } from "../tokens.ts";

/** The path of the sign-in. */
export const TOKEN_PATH = "/token";

/**
 * The challenge of a 401 (RFC 9110 §11.6.1). For `Basic` a browser would show a password prompt over the app's own form;
 * it ignores an unknown scheme.
 */
const challengeOf = (path: string) => ({ "www-authenticate": path === TOKEN_PATH ? "xBasic" : "Bearer" });

/** A part of a request that breaks the document. */
export interface Violation {
  /** 401 for missing credentials, 415 for another media type; anything else is a 400. */
  code?: string | number | undefined;
  /** A sentence without its full stop. */
  message: string;
}

/** The parts of a request that its errors depend on. */
export interface Judged {
  /** The operation's path template, such as `/orders/{id}`. */
  template: string;
  /** The path that was called, below the base URL. */
  path: string;
  authorization: string | undefined;
}

/** The API's error for violations, which names each. */
function violationResponse(violations: readonly Violation[], path: string): ApiResponse | undefined {
  if (!violations.length) return undefined;
  const coded = violations.find(({ code }) => code === 401 || code === 415);
  if (coded?.code === 401) {
    return applicationError(401, "Sign in first: the call needs an Authorization header", path, challengeOf(path));
  }
  if (coded) return applicationError(415, coded.message, path);
  // A body that fits none of several alternatives breaks each in the same way.
  const messages = new Set(violations.map(({ message }) => message));
  return applicationError(400, [...messages].join("; "), path);
}

/** Why the caller may not make this call. */
function unauthorized({ template, path, authorization }: Judged, tokens: Tokens): ApiResponse | undefined {
  if (template === TOKEN_PATH) {
    if (isMockUser(authorization)) return undefined;
    return applicationError(401, "The user name or the password is wrong", path, challengeOf(template));
  }
  if (tokens.accepts(authorization)) return undefined;
  return applicationError(401, "The token is not valid or has expired; sign in again", path, challengeOf(template));
}

/**
 * The error for a request that breaks the document or is not authorized; `undefined` if neither. Errors of
 * credentials come first.
 */
export function requestError(
  request: Judged,
  violations: readonly Violation[],
  tokens: Tokens,
): ApiResponse | undefined {
  const security = violations.filter(({ code }) => code === 401);
  return (
    violationResponse(security, request.path) ??
    unauthorized(request, tokens) ??
    violationResponse(violations, request.path)
  );
}
