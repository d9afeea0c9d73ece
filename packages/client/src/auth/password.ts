import type { Token } from "@imcloud/spec";
import type { Handler } from "../core/pipeline.ts";
import { type Credentials, TOKEN_PATH } from "./auth.ts";
import { requestToken } from "./request-token.ts";

/** The value of a Basic `Authorization` header, in UTF-8. */
export function basic({ username, password }: Credentials): string {
  const bytes = new TextEncoder().encode(`${username}:${password}`);
  return `Basic ${btoa(String.fromCharCode(...bytes))}`;
}

/**
 * Signs in at the API's own `/token`.
 * @param headers what every call to the API carries
 */
export const signInByPassword = (
  send: Handler,
  credentials: Credentials,
  { baseUrl, marketplace }: { baseUrl: string; marketplace: string },
  headers: Record<string, string>,
): Promise<Token> =>
  requestToken(send, {
    ...{ operation: "token_create", path: TOKEN_PATH, url: baseUrl + TOKEN_PATH },
    headers: { ...headers, authorization: basic(credentials), "content-type": "application/json" },
    body: JSON.stringify({ marketplace }),
    ...{ tokenField: "token", lifetimeField: "expiresInSeconds" },
  });
