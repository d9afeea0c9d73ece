import type { Token } from "@imcloud/spec";
import { parseBody } from "../calls/body.ts";
import type { Outgoing, Send } from "../pipeline/send.ts";

/** Makes the call of a sign-in, which changes nothing, and reads a token and its seconds from the fields of its answer. */
export async function ask(
  send: Send,
  { operation, path, url }: Record<"operation" | "path" | "url", string>,
  headers: Record<string, string>,
  body: string,
  tokenField: string,
  lifetimeField: string,
): Promise<Token> {
  const call: Outgoing = {
    operation,
    method: "POST",
    path,
    template: path,
    url,
    headers: { accept: "application/json", ...headers },
    body,
    isSafe: true,
    attempt: 0,
  };
  const { response, text } = await send(call);
  const answer = parseBody(text);
  const { [tokenField]: token, [lifetimeField]: seconds } = (answer ?? {}) as Record<string, unknown>;
  const expiresInSeconds = Number(seconds ?? Number.NaN);
  if (response.ok && typeof token === "string" && token && Number.isFinite(expiresInSeconds)) {
    return { token, expiresInSeconds };
  }
  const { apiError } = await import("../errors/api-error.ts");
  throw apiError(call, response, response.ok ? "no token" : answer);
}
