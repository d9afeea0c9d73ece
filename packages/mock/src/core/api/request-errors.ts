import { type ApiResponse, applicationError } from "../messages/responses.ts";
import { isMockUser, type Tokens } from "../tokens.ts";

/** The path of the sign-in. */
export const TOKEN_PATH = "/token";

/**
 * How to sign in (RFC 9110 §11.6.1 asks for it). A browser that is told `Basic` asks its user for a password, over the app's own form;
 * a scheme that it does not know it leaves to the app.
 */
const challengeOf = (path: string) => ({ "www-authenticate": path === TOKEN_PATH ? "xBasic" : "Bearer" });

/** Something in a request that is not as the document has it. */
export interface Violation {
  /** 401 for credentials that are missing, 415 for a body of another media type; anything else is a 400. */
  code?: string | number | undefined;
  /** A sentence without its full stop. */
  message: string;
}

/** The request, as far as errors are told by it. */
export interface Judged {
  /** The path of the operation as a template, such as `/orders/{id}`. */
  template: string;
  /** The path that was called, below the base URL. */
  path: string;
  authorization: string | undefined;
}

/** The API's own words for what is wrong with a request, every violation named. */
function violationResponse(violations: readonly Violation[], path: string): ApiResponse | undefined {
  if (!violations.length) return undefined;
  const coded = violations.find(({ code }) => code === 401 || code === 415);
  if (coded?.code === 401) {
    return applicationError(401, "Sign in first: the call needs an Authorization header", path, challengeOf(path));
  }
  if (coded) return applicationError(415, coded.message, path);
  // A body that is none of several shapes breaks each of them alike.
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
 * The error for a request that is wrong by the document, or that the caller may not make; `undefined` when nothing is wrong. What is
 * wrong with the credentials goes first.
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
