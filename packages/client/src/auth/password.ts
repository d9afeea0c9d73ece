import type { Token } from "@imcloud/spec";
import type { ConnectionOptions } from "../options.ts";
import { type HeaderValues, sentOf } from "../pipeline/headers.ts";
import type { Send } from "../pipeline/send.ts";
import { ask } from "./ask.ts";
import { type Credentials, TOKEN_PATH } from "./auth.ts";

/** The value of a Basic `Authorization` header, with its words in UTF-8. */
export function basic({ username, password }: Credentials): string {
  const bytes = new TextEncoder().encode(`${username}:${password}`);
  return `Basic ${btoa(String.fromCharCode(...bytes))}`;
}

/** Signs in at the API's own `/token`, which gets the headers of every call. */
export function signInByPassword(
  send: Send,
  credentials: Credentials,
  { baseUrl, marketplace }: ConnectionOptions,
  headers: HeaderValues,
): Promise<Token> {
  const call = { operation: "token_create", path: TOKEN_PATH, url: baseUrl + TOKEN_PATH };
  const all = { ...sentOf(headers), authorization: basic(credentials), "content-type": "application/json" };
  return ask(send, call, all, JSON.stringify({ marketplace }), "token", "expiresInSeconds");
}
