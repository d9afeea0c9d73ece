import type { Token } from "@imcloud/spec";
import { toBase64 } from "../core/base64.ts";
import type { Handler } from "../core/pipeline.ts";
import { type Credentials, TOKEN_PATH } from "./auth.ts";
import { requestToken } from "./request-token.ts";

/** The value of a Basic `Authorization` header, in UTF-8. */
export const basic = ({ username, password }: Credentials): string => `Basic ${toBase64(`${username}:${password}`)}`;

/** What the API's own `/token` takes besides the credentials. */
export interface PasswordOptions {
  baseUrl: string;
  marketplace: string;
  /** What every call to the API carries. */
  headers: Record<string, string>;
}

/** Signs in at the API's own `/token`. */
export function signInByPassword(
  send: Handler,
  credentials: Credentials,
  { baseUrl, marketplace, headers }: PasswordOptions,
): Promise<Token> {
  const request = {
    ...{ operation: "token_create", path: TOKEN_PATH, url: baseUrl + TOKEN_PATH },
    headers: { ...headers, authorization: basic(credentials), "content-type": "application/json" },
    body: JSON.stringify({ marketplace }),
  };
  return requestToken(send, request, ["token", "expiresInSeconds"]);
}
