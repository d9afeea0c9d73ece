import { join } from "node:path";
import { type ClientOptions, createClient } from "@imcloud/client";
import { packageFile } from "@imcloud/openapi-tools/exec";
import { build } from "esbuild";
import { paths } from "../../scripts/paths.ts";
import { outputOf } from "./children.ts";

export const folder = import.meta.dirname;
const made = join(folder, "build");

/** Gets an order by its id. */
export type GetOrder = (id: string) => PromiseLike<unknown>;

/** Makes a caller for an API at a URL, on the global `fetch`. The caller has a token already. */
export type Peer = (baseUrl: string) => Promise<GetOrder>;

const TOKEN = "a-token";
const headers = { authorization: `Bearer ${TOKEN}`, "x-subscription-key": "demo-subscription-key" };

const ours = (baseUrl: string, options: Partial<ClientOptions> = {}) =>
  createClient({
    baseUrl,
    marketplace: "se",
    auth: { token: async () => TOKEN },
    subscriptionKey: "demo-subscription-key",
    // The rate limit would delay calls, and this measures their cost.
    rateLimit: false,
    ...options,
  });

async function openapiFetch(baseUrl: string) {
  const { default: createClient } = await import(packageFile("openapi-fetch", "dist/index.mjs", paths.client));
  return createClient({ baseUrl, headers });
}

/** Calls of openapi-fetch that end after a time, as ours do. */
const withTimeLimit =
  (client: Awaited<ReturnType<typeof openapiFetch>>): GetOrder =>
  async (id) => {
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(), 120_000);
    try {
      return await client.GET("/orders/{id}", { params: { path: { id } }, signal: controller.signal });
    } finally {
      clearTimeout(timer);
    }
  };

/** All contenders, by their names in the tables. */
export const peers: Record<string, Peer> = {
  "imcloud, a method": async (baseUrl) => {
    const imcloud = ours(baseUrl);
    return (id) => imcloud.orders.get(id);
  },
  "imcloud, a method, with a fetch of the caller's": async (baseUrl) => {
    const imcloud = ours(baseUrl, { fetch: (request) => fetch(request) });
    return (id) => imcloud.orders.get(id);
  },
  "imcloud, http": async (baseUrl) => {
    const { http } = ours(baseUrl);
    return (id) => http.GET("/orders/{id}", { params: { path: { id } } });
  },
  "openapi-fetch": async (baseUrl) => {
    const client = await openapiFetch(baseUrl);
    return (id) => client.GET("/orders/{id}", { params: { path: { id } } });
  },
  "openapi-fetch, with a timeout": async (baseUrl) => withTimeLimit(await openapiFetch(baseUrl)),
  // What our calls do at the least: each asks for a token, in the way of openapi-fetch's documentation, and has a time limit.
  "openapi-fetch, with a token and a timeout": async (baseUrl) => {
    const client = await openapiFetch(baseUrl);
    const token = async () => TOKEN;
    client.use({
      async onRequest({ request }: { request: Request }) {
        request.headers.set("authorization", `Bearer ${await token()}`);
        return request;
      },
    });
    return withTimeLimit(client);
  },
  "hey-api": async (baseUrl) => {
    const { client, ordersGet } = await import(join(made, "hey.js"));
    client.setConfig({ baseUrl, headers });
    return (id) => ordersGet({ path: { id } });
  },
  ky: async (baseUrl) => {
    const { default: ky } = await import("ky");
    const client = ky.create({ baseUrl: `${baseUrl}/`, headers } as object);
    return (id) => client.get(`orders/${encodeURIComponent(id)}`).json();
  },
  ofetch: async (baseUrl) => {
    const { createFetch } = await import("ofetch");
    const client = createFetch({ defaults: { baseURL: baseUrl, headers } });
    return (id) => client(`/orders/${encodeURIComponent(id)}`);
  },
  axios: async (baseUrl) => {
    const { default: axios } = await import("axios");
    const client = axios.create({
      baseURL: baseUrl,
      headers,
      adapter: "fetch",
    } as object);
    return (id) => client.get(`/orders/${encodeURIComponent(id)}`);
  },
  "bare fetch": async (baseUrl) => {
    return async (id) => (await fetch(`${baseUrl}/orders/${encodeURIComponent(id)}`, { headers })).json();
  },
};

/** The name that hey-api gives an operation. */
export const heyName = (id: string): string => id.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());

/** Generates hey-api's client from the document, as its users would. */
export async function prepareHey(): Promise<void> {
  const command = packageFile("@hey-api/openapi-ts", "bin/run.js", folder);
  const args = ["-i", join(paths.spec, "openapi.json"), "-o", join(made, "hey"), "--silent"];
  await outputOf([command, ...args], { cwd: folder });
  await build({
    stdin: {
      contents: 'export { client } from "./hey/client.gen.ts"; export * from "./hey/sdk.gen.ts";',
      resolveDir: made,
      loader: "ts",
    },
    outfile: join(made, "hey.js"),
    bundle: true,
    format: "esm",
    platform: "neutral",
  });
}
