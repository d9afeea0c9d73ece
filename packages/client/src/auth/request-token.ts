import type { Token } from "@imcloud/spec";
import { toApiError } from "../core/api-error.ts";
import { parseBody } from "../core/body.ts";
import { isHeaderValue } from "../core/header-value.ts";
import type { Handler, PipelineRequest } from "../core/pipeline.ts";

/** A request for a token, and where its response has it. */
export interface TokenRequest {
  operation: string;
  path: string;
  url: string;
  headers: Record<string, string>;
  body: string;
  tokenField: string;
  /** Has the seconds that the token lives. */
  lifetimeField: string;
}

/** The token in a response's body, where there is one. */
function readToken(body: unknown, { tokenField, lifetimeField }: TokenRequest): Token | undefined {
  const { [tokenField]: token, [lifetimeField]: seconds } = (body ?? {}) as Record<string, unknown>;
  const expiresInSeconds = seconds === "" ? Number.NaN : Number(seconds ?? Number.NaN);
  return isHeaderValue(token) && Number.isFinite(expiresInSeconds) ? { token, expiresInSeconds } : undefined;
}

/**
 * Makes the call of a sign-in, which changes nothing.
 * @throws {@link ApiError} when there is no token in the response
 */
export async function requestToken(send: Handler, asked: TokenRequest): Promise<Token> {
  const { operation, path, url, headers, body } = asked;
  const request: PipelineRequest = {
    ...{ operation, method: "POST", path, template: path, url, body, isSafe: true, state: { attempt: 0 } },
    headers: { accept: "application/json", ...headers },
  };
  const { response, text } = await send(request);
  const parsed = parseBody(text);
  const token = response.ok ? readToken(parsed, asked) : undefined;
  if (token) return token;
  throw toApiError(request, response, response.ok ? "no token" : parsed);
}
