import type { Sandbox } from "@imcloud/mock/sandbox";
import { loadScript } from "../console/scripts.ts";
import type { HomeRequest } from "./requests.ts";

/** What came back, and how long it took. */
export interface HomeResponse {
  status: number;
  body: unknown;
  milliseconds: number;
}

let loading: Promise<Sandbox> | undefined;

/**
 * The mock in this page, loaded when it is first wanted. Its clock stands still until it is moved.
 * @throws {@link Error} when its script does not load
 */
export function loadSandbox(address: string): Promise<Sandbox> {
  loading ??= loadScript(address)
    .then(() => {
      if (!window.imcloudSandbox) throw new Error("The mock's script has no mock in it.");
      return window.imcloudSandbox.createSandbox({ speed: 0 });
    })
    .catch((error) => {
      loading = undefined;
      throw error;
    });
  return loading;
}

let token: Promise<string> | undefined;

/** Signs in, once for the page. */
function signIn({ connection }: Sandbox): Promise<string> {
  const { baseUrl, auth, marketplace, subscriptionKey, fetch } = connection;
  const request = new Request(`${baseUrl}/token`, {
    method: "POST",
    headers: {
      authorization: `Basic ${btoa(`${auth.username}:${auth.password}`)}`,
      "x-subscription-key": subscriptionKey,
      "content-type": "application/json",
    },
    body: JSON.stringify({ marketplace }),
  });
  token ??= fetch(request)
    .then((response) => response.json())
    .then((body) => body.token);
  return token;
}

/** Sends a request to the mock in the page. */
export async function send(
  sandbox: Sandbox,
  { method, path, body }: Pick<HomeRequest, "body" | "method" | "path">,
): Promise<HomeResponse> {
  const { baseUrl, subscriptionKey, fetch } = sandbox.connection;
  const attempt = async () => {
    const headers: Record<string, string> = {
      authorization: `Bearer ${await signIn(sandbox)}`,
      "x-subscription-key": subscriptionKey,
      ...(body ? { "content-type": "application/json" } : {}),
    };
    const sent = body ? { body: JSON.stringify(body) } : {};
    return fetch(new Request(`${baseUrl}${path}`, { method, headers, ...sent }));
  };
  const start = performance.now();
  let response = await attempt();
  // The mock's clock was moved past the token's end.
  if (response.status === 401) {
    token = undefined;
    response = await attempt();
  }
  return { status: response.status, body: await response.json(), milliseconds: performance.now() - start };
}
