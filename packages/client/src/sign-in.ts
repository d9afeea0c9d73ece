import type { Token, TokenCreate } from "@imcloud/spec";
import { unlessAborted } from "./abort.ts";
import { apiError } from "./api-error.ts";
import { readBody } from "./body.ts";
import { connectionError } from "./connection.ts";
import type { Send } from "./send.ts";
import type { TokenSource } from "./token.ts";

/** User name and password of the API user. */
export interface Credentials {
  /** Usually ends in `.api`. */
  username: string;
  password: string;
}

const TOKEN_PATH = "/token";

/** The value of a Basic `Authorization` header, with its words in UTF-8. */
function basic({ username, password }: Credentials): string {
  const bytes = new TextEncoder().encode(`${username}:${password}`);
  return `Basic ${btoa(String.fromCharCode(...bytes))}`;
}

/** Signs in at `/token` once. A refusal is not repeated: failed sign-ins can lock the user out. */
export function createSignIn(send: Send, baseUrl: string, credentials: Credentials, body: TokenCreate) {
  return async (): Promise<Token> => {
    const request = new Request(`${baseUrl}${TOKEN_PATH}`, {
      method: "POST",
      headers: { authorization: basic(credentials), "content-type": "application/json" },
      body: JSON.stringify(body),
      redirect: "manual",
    });
    const call = { operation: "token_create", method: "POST", path: TOKEN_PATH };
    const response = await send(request);
    const answer = await readBody(response).catch((error: unknown) => {
      throw connectionError(error, request);
    });
    const token = answer as Partial<Token> | undefined;
    if (!response.ok || typeof token?.token !== "string" || !Number.isFinite(Number(token.expiresInSeconds))) {
      throw apiError(call, response, response.ok ? "no token" : answer);
    }
    return { token: token.token, expiresInSeconds: Number(token.expiresInSeconds) };
  };
}

/**
 * Sends each call with a token, and `/token` itself with the credentials. When the API refuses the token, signs in once more
 * and repeats the call once; the refusal came before the call was accepted, so a write is not done twice.
 */
export function withToken(send: Send, tokens: TokenSource, baseUrl: string, credentials: Credentials): Send {
  const authorized = async (request: Request): Promise<string> => {
    const token = await unlessAborted(tokens.get(), request.signal);
    request.headers.set("authorization", `Bearer ${token}`);
    return token;
  };
  return async (request, options) => {
    if (request.headers.has("authorization")) return send(request, options);
    if (request.url === `${baseUrl}${TOKEN_PATH}`) {
      request.headers.set("authorization", basic(credentials));
      return send(request, options);
    }
    // With the signal named, as a clone's own stops following once garbage is collected.
    const again = new Request(request.clone(), { signal: request.signal });
    const token = await authorized(request);
    const response = await send(request, options);
    if (response.status !== 401) return response;
    await response.body?.cancel();
    tokens.refuse(token);
    await authorized(again);
    return send(again, options);
  };
}
