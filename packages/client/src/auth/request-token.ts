import type { Token } from "@imcloud/spec";
import { parseBody } from "../core/calls/body.ts";
import { toApiError } from "../core/errors/api-error.ts";
import { isHeaderValue } from "../core/header-value.ts";
import type { Handler } from "../core/pipeline.ts";

/** A request for a token. */
export interface TokenRequest {
  operation: string;
  path: string;
  url: string;
  headers: Record<string, string>;
  body: string;
}

/**
 * Makes the call of a sign-in, which changes nothing.
 * @param fields where the response has the token, and the seconds that it lives
 * @param unsaid seconds that one lives whose life the response may leave out
 * @throws {@link ApiError} when there is no token in the response
 */
export async function requestToken(
  send: Handler,
  { headers, ...asked }: TokenRequest,
  fields: [token: string, lifetime: string],
  unsaid = Number.NaN,
): Promise<Token> {
  const request = {
    ...{ ...asked, method: "POST", template: asked.path, isSafe: true, state: { attempt: 0 } },
    headers: { accept: "application/json", ...headers },
  };
  const { response, text } = await send(request);
  const body = parseBody(text);
  const [token, lifetime] = fields.map((name) => (body as Record<string, unknown> | undefined)?.[name]);
  const expiresInSeconds = Number.parseFloat(String(lifetime ?? unsaid));
  if (response.ok && isHeaderValue(token) && Number.isFinite(expiresInSeconds)) return { token, expiresInSeconds };
  const hint = response.status === 404 ? "There is no sign-in here: the base URL is probably wrong. " : "";
  throw toApiError(request, response, response.ok ? "no token" : body, hint);
}
