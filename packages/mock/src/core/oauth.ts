import { type ApiResponse, json } from "./messages/responses.ts";
import { basicOf, credentials, REFRESH, TOKEN_LIFETIME, type Tokens } from "./tokens.ts";

const TOKEN_PATH = /^\/auth\/realms\/[^/]+\/protocol\/openid-connect\/token\/?$/;

/** Whether a path is an OAuth 2 token endpoint, of any realm. */
export const isOAuthPath = (path: string): boolean => TOKEN_PATH.test(path);

const FORM_TYPE = /^application\/x-www-form-urlencoded\s*(?:;|$)/i;

/** An OAuth 2 error response (RFC 6749 §5.2). */
export function oauthError(statusCode: number, error: string, description: string, headers = {}): ApiResponse {
  return json(statusCode, { error, error_description: description }, { "cache-control": "no-store", ...headers });
}

function isClient(form: URLSearchParams, authorization: string | undefined): boolean {
  const sent = basicOf(authorization) || `${form.get("client_id")}:${form.get("client_secret")}`;
  return sent === `${credentials.clientId}:${credentials.clientSecret}`;
}

/**
 * Responds to an OAuth 2 token request with the password or the refresh token grant (RFC 6749 §4.3 and §6).
 * @param body the body's text
 */
export function tokenResponse(
  request: { method: string; contentType: string | undefined; authorization: string | undefined; body: string },
  tokens: Tokens,
): ApiResponse {
  if (request.method !== "POST") {
    return oauthError(405, "invalid_request", "Tokens are asked for with POST", { allow: "POST, OPTIONS" });
  }
  if (!FORM_TYPE.test(request.contentType ?? "")) {
    return oauthError(400, "invalid_request", "Send a form, application/x-www-form-urlencoded");
  }
  const form = new URLSearchParams(request.body);
  if (!isClient(form, request.authorization)) {
    return oauthError(401, "unauthorized_client", "The client id or the client secret is wrong");
  }
  const grant = form.get("grant_type");
  if (grant === "refresh_token") {
    const refresh = form.get("refresh_token") ?? "";
    if (!tokens.acceptsRefresh(refresh)) return oauthError(400, "invalid_grant", "Token is not active");
    tokens.revoke(`Bearer ${refresh}`);
    return granted(form, tokens);
  }
  if (grant !== "password") {
    return oauthError(400, "unsupported_grant_type", "The mock takes the grant types password and refresh_token");
  }
  if (form.get("username") !== credentials.username || form.get("password") !== credentials.password) {
    return oauthError(401, "invalid_grant", "Invalid user credentials");
  }
  return granted(form, tokens);
}

function granted(form: URLSearchParams, tokens: Tokens): ApiResponse {
  const body = {
    access_token: tokens.grant({ azp: credentials.clientId, typ: "Bearer" }),
    expires_in: TOKEN_LIFETIME,
    refresh_expires_in: TOKEN_LIFETIME,
    refresh_token: tokens.grant({ azp: credentials.clientId, typ: REFRESH }),
    token_type: "Bearer",
    "not-before-policy": 0,
    session_state: crypto.randomUUID(),
    scope: form.get("scope") ?? "openid",
  };
  return json(200, body, { "cache-control": "no-store", pragma: "no-cache" });
}
