import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import credentials from "@imcloud/mock/credentials.json" with { type: "json" };
import type { Document } from "@imcloud/openapi-tools/document";
import converter from "openapi-to-postmanv2";
import { DEFAULT_MOCK_URL } from "../src/mock-script.ts";
import { runnable } from "./runnable.ts";

interface Conversion {
  result: boolean;
  reason?: string;
  output: { type: string; data: Record<string, unknown> }[];
}

const convert = promisify(converter.convertV2 as (...args: never[]) => void) as unknown as (
  input: { type: "json"; data: object },
  options: object,
) => Promise<Conversion>;

/**
 * Runs before each request: gets a token when there is none that holds for another minute, and keeps it.
 * It is the collection's own code, in the JavaScript that Postman runs.
 */
const SIGN_IN = `const isSignIn = pm.request.url.getPath().endsWith("/token");
const isFresh = Number(pm.collectionVariables.get("tokenEnds") || 0) > Date.now() + 60000;
if (!isSignIn && !isFresh) {
  const pair = CryptoJS.enc.Utf8.parse(pm.variables.get("username") + ":" + pm.variables.get("password"));
  pm.sendRequest({
    url: pm.variables.get("baseUrl") + "/token",
    method: "POST",
    header: {
      "Authorization": "Basic " + CryptoJS.enc.Base64.stringify(pair),
      "Content-Type": "application/json",
      "X-Subscription-Key": pm.variables.get("subscriptionKey"),
    },
    body: { mode: "raw", raw: JSON.stringify({ marketplace: pm.variables.get("marketplace") }) },
  }, (error, response) => {
    if (error || response.code !== 200) throw new Error("The sign-in failed: " + (error || response.status));
    const { token, expiresInSeconds } = response.json();
    pm.collectionVariables.set("token", token);
    pm.collectionVariables.set("tokenEnds", String(Date.now() + expiresInSeconds * 1000));
  });
}`;

/** The document with one way to sign in for each call, and its address as a variable of the collection. */
function prepared(document: Document): object {
  const copy = runnable(document);
  return { ...copy, servers: [{ url: "{{baseUrl}}" }], security: [{ Bearer: [] }] };
}

/** Leaves out the ids that a conversion makes up, so that the same document makes the same file. */
const withoutIds = (_key: string, value: unknown) => {
  if (typeof value !== "object" || value === null || !("name" in value)) return value;
  const { id: _id, _postman_id, ...rest } = value as Record<string, unknown>;
  return rest;
};

const variables = (values: Record<string, string>) => Object.entries(values).map(([key, value]) => ({ key, value }));

/** Every request of an item of a collection, at whatever depth. */
interface Item {
  item?: Item[];
  request?: { auth?: unknown; header?: object[]; url?: { path?: string[] } };
}

/** Each request sends the key, and the sign-in name and password. */
function authorize(item: Item): void {
  item.item?.forEach(authorize);
  const { request } = item;
  if (!request) return;
  request.header = [...(request.header ?? []), { key: "X-Subscription-Key", value: "{{subscriptionKey}}" }];
  const isSignIn = request.url?.path?.join("/") === "token";
  request.auth = isSignIn
    ? { type: "basic", basic: variables({ username: "{{username}}", password: "{{password}}" }) }
    : null;
}

/**
 * Writes a Postman collection of every operation that signs in by itself, and an environment with the mock's settings.
 * @throws {@link Error} when the document cannot be converted
 */
export async function postman(document: Document, output: string): Promise<void> {
  const {
    result,
    reason,
    output: converted,
  } = await convert(
    { type: "json", data: prepared(document) },
    {
      folderStrategy: "Tags",
      requestNameSource: "Fallback",
      parametersResolution: "Example",
      enableOptionalParameters: false,
      keepImplicitHeaders: false,
      includeWebhooks: false,
    },
  );
  const collection = converted?.[0]?.data;
  if (!result || !collection) throw new Error(`The document cannot be made a Postman collection: ${reason}`);
  authorize(collection as Item);
  Object.assign(collection, {
    auth: { type: "bearer", bearer: variables({ token: "{{token}}" }) },
    event: [{ listen: "prerequest", script: { type: "text/javascript", exec: SIGN_IN.split("\n") } }],
    variable: variables({ token: "", tokenEnds: "0" }),
  });
  await writeFile(join(output, "postman-collection.json"), `${JSON.stringify(collection, withoutIds, 2)}\n`);
  const environment = {
    name: "imcloud mock",
    _postman_variable_scope: "environment",
    values: variables({ baseUrl: DEFAULT_MOCK_URL, ...credentials }).map((value) => ({
      ...value,
      enabled: true,
    })),
  };
  await writeFile(join(output, "postman-environment.json"), `${JSON.stringify(environment, null, 2)}\n`);
}
