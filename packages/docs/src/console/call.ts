import type { CallData } from "./call-data.ts";
import type { Connection } from "./connection.ts";

/** What the form of a call holds. */
export interface CallValues {
  /** Of path and query, by name; what is empty is left out of the query. */
  parameters: Record<string, string>;
  /** JSON; empty for none. */
  body: string;
}

/** A response, as the console shows it. */
export interface ShownResponse {
  status: number;
  statusText: string;
  milliseconds: number;
  headers: [name: string, value: string][];
  /** JSON is laid out on lines. */
  body: string;
  /** The body as a value, where it is JSON. */
  value: unknown;
}

/**
 * The path and query of a call, below the base URL.
 * @throws {@link Error} that names a parameter of the path that is empty
 */
export function addressOf(
  { path, parameters }: Pick<CallData, "path" | "parameters">,
  values: CallValues["parameters"],
): string {
  const filled = path.replace(/\{([^{}]*)\}/g, (_placeholder, name: string) => {
    const value = values[name]?.trim();
    if (!value) throw new Error(`${name} is part of the path: fill it in.`);
    return encodeURIComponent(value);
  });
  const query = new URLSearchParams();
  for (const { in: place, name } of parameters) {
    const value = values[name]?.trim();
    if (place === "query" && value) query.set(name, value);
  }
  return query.size ? `${filled}?${query}` : filled;
}

/**
 * Checks that a body is JSON, before it is sent.
 * @throws {@link Error} that says where it is not
 */
export function checkBody(body: string): void {
  if (!body.trim()) return;
  try {
    JSON.parse(body);
  } catch (error) {
    throw new Error(`The body is not JSON: ${(error as Error).message}`);
  }
}

const basic = (username: string, password: string) => {
  const bytes = new TextEncoder().encode(`${username}:${password}`);
  return `Basic ${btoa(String.fromCharCode(...bytes))}`;
};

const tokens = new Map<string, { token: string; endsAt: number }>();

/** Forgets the tokens that were got by signing in, as after a reset of a mock. */
export const forgetTokens = (): void => tokens.clear();

const keyOf = ({ baseUrl, credentials }: Connection) => JSON.stringify([baseUrl, credentials]);

/** A token that holds for a minute at least: the reader's own, or one by signing in. */
async function tokenFor(connection: Connection): Promise<string> {
  const { baseUrl, credentials, token } = connection;
  if (token) return token;
  const key = keyOf(connection);
  const known = tokens.get(key);
  if (known && known.endsAt > Date.now() + 60_000) return known.token;
  const response = await reach(connection, "/token", {
    method: "POST",
    headers: headersOf(connection, basic(credentials.username, credentials.password), true),
    body: JSON.stringify({ marketplace: credentials.marketplace }),
  });
  const text = await response.text();
  if (!response.ok)
    throw new Error(`Signing in at ${baseUrl}/token failed with ${response.status}: ${text.slice(0, 300)}`);
  const { token: fresh, expiresInSeconds } = JSON.parse(text);
  tokens.set(key, { token: fresh, endsAt: Date.now() + expiresInSeconds * 1000 });
  return fresh;
}

function headersOf({ credentials }: Connection, authorization: string, hasBody: boolean): Record<string, string> {
  return {
    Authorization: authorization,
    ...(credentials.subscriptionKey && { "X-Subscription-Key": credentials.subscriptionKey }),
    ...(hasBody && { "Content-Type": "application/json" }),
  };
}

function laidOut(text: string): Pick<ShownResponse, "body" | "value"> {
  try {
    const value = JSON.parse(text);
    return { body: JSON.stringify(value, null, 2), value };
  } catch {
    return { body: text, value: undefined };
  }
}

async function shown(response: Response, milliseconds: number): Promise<ShownResponse> {
  const { status, statusText, headers } = response;
  return { status, statusText, milliseconds, headers: [...headers], ...laidOut(await response.text()) };
}

/** What of a call is needed to send it. */
export type SentCall = Pick<CallData, "method" | "path" | "parameters" | "signsIn">;

async function attempt(connection: Connection, data: SentCall, values: CallValues): Promise<ShownResponse> {
  const address = addressOf(data, values.parameters);
  const { username, password } = connection.credentials;
  const authorization = data.signsIn ? basic(username, password) : `Bearer ${await tokenFor(connection)}`;
  const begun = performance.now();
  const response = await reach(connection, address, {
    method: data.method,
    headers: headersOf(connection, authorization, values.body.trim() !== ""),
    ...(values.body.trim() && { body: values.body }),
  });
  return shown(response, performance.now() - begun);
}

/**
 * Sends a call, signing in before it where it needs a token. A token that was got so and is refused, as the clock of a mock was moved past its
 * end, is got once more.
 * @param renewsToken `false` to see how a token is refused
 * @throws {@link Error} with a message for people, when no response came
 */
export async function send(
  connection: Connection,
  data: SentCall,
  values: CallValues,
  renewsToken = true,
): Promise<ShownResponse> {
  checkBody(values.body);
  const response = await attempt(connection, data, values);
  if (response.status !== 401 || data.signsIn || connection.token || !renewsToken) return response;
  tokens.delete(keyOf(connection));
  return attempt(connection, data, values);
}

/** @throws {@link Error} with a message for people, when no response came */
async function reach(connection: Connection, address: string, init: RequestInit): Promise<Response> {
  try {
    return await connection.fetch(`${connection.baseUrl}${address}`, init);
  } catch (error) {
    throw new Error(unreachable(connection, error as Error));
  }
}

/** Why no response came, and what to do. A page cannot tell a server that is down from one that does not take it. */
function unreachable({ target, baseUrl }: Connection, error: Error): string {
  if (target === "sandbox") return `The connection broke: ${error.message}.`;
  if (target === "mock")
    return `No mock responds at ${baseUrl}. Start it with npm start in the repository, or use the sandbox.`;
  return `No response from ${baseUrl}. Browsers call an API only when it allows pages of other origins (CORS), and this one may not: use a sample in a terminal instead.`;
}

/** The values of a link's parameters, from what a response held: `$response.body#/id`. */
export function linkValues(parameters: Record<string, string>, value: unknown): Record<string, string> {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, expression]) => {
      const [, pointer] = /^\$response\.body#\/(.*)$/.exec(expression) ?? [];
      const found = pointer
        ?.split("/")
        .reduce<unknown>((parent, token) => (parent as Record<string, unknown> | undefined)?.[token], value);
      return [name, found === undefined ? "" : String(found)];
    }),
  );
}
