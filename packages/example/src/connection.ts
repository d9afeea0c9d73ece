import { createClient, type ImcloudClient, type Wait } from "@imcloud/client";
import credentials from "@imcloud/mock/credentials.json";
import type { Sandbox } from "@imcloud/mock/sandbox";

/** What the desk talks to. */
export interface Connection {
  imcloud: ImcloudClient;
  /** The mock that runs in the page; `undefined` where the API is on a server. */
  sandbox: Sandbox | undefined;
  /** What is shown of where the API is. */
  place: string;
}

/** Called when a call waits for the rate limit. */
export type OnWait = (wait: Wait) => void;

/** The switch: `?api=http://127.0.0.1:4010/marketplace`, or `VITE_IMCLOUD_API` when it is built. */
export const apiUrl = (): string | undefined =>
  new URLSearchParams(location.search).get("api") || import.meta.env.VITE_IMCLOUD_API || undefined;

/**
 * Connects to the API that the address names, with the credentials of `imcloud-mock`; or to a sandbox in the page. A real marketplace's
 * credentials have no place in a page: give the address of a back end that adds them, as the client's `createProxy` does.
 */
export async function connect(onWait: OnWait): Promise<Connection> {
  const baseUrl = apiUrl();
  if (baseUrl !== undefined) {
    const { username, password, subscriptionKey, marketplace } = credentials;
    const imcloud = createClient({ baseUrl, marketplace, subscriptionKey, auth: { username, password }, onWait });
    return { imcloud, sandbox: undefined, place: new URL(baseUrl).host };
  }
  // It is most of the code: the page is there before it.
  const { createSandbox } = await import("@imcloud/mock/sandbox");
  const sandbox = createSandbox({ size: "medium", rateLimit: 600 });
  const imcloud = createClient({ ...sandbox.connection, rateLimit: { perMinute: 600 }, onWait });
  return { imcloud, sandbox, place: "a sandbox in this page" };
}
