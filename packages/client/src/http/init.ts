import {
  abortSignal,
  callable,
  checkOptions,
  group,
  must,
  oneOf,
  type Rule,
  type Rules,
  readable,
  text,
} from "@imcloud/options";
import { checkBodiless } from "../core/calls/body.ts";
import { mergeHeaders } from "../core/calls/merge-headers.ts";
import { checkUrl, fillPath, withoutEndSlashes } from "../core/calls/url.ts";
import type { HttpMiddleware, ParseAs } from "./openapi-fetch.ts";

/** Values for a call's path, query and headers. */
interface Params {
  path?: Record<string, string | number>;
  query?: Record<string, unknown>;
  header?: object;
  cookie?: unknown;
}

/** The options of an openapi-fetch call that are checked before it is sent. */
export interface Init {
  params?: Params | undefined;
  body?: unknown;
  headers?: object | undefined;
  signal?: AbortSignal | null | undefined;
  parseAs?: ParseAs | undefined;
  middleware?: HttpMiddleware[] | undefined;
  baseUrl?: string | undefined;
  querySerializer?: unknown;
  bodySerializer?: unknown;
  fetch?: ((request: Request) => Promise<Response>) | undefined;
  Request?: unknown;
  duplex?: unknown;
  pathSerializer?: ((path: string, values: Record<string, unknown>) => string) | undefined;
}

/** Accepts any value: openapi-fetch or the platform checks it. */
const any: Rule = () => {};

const HOOKS = ["onRequest", "onResponse", "onError"] as const;

const isMiddleware = (given: HttpMiddleware) => typeof given === "object" && HOOKS.some((name) => name in given);

/**
 * What an {@link Init} must be. The values of its path and query depend on who writes them. Other options of the platform's `fetch`, such
 * as `cache`, would be lost: the pipeline sends by options of its own.
 */
const INIT_RULES: Rules<Init> = {
  params: group<Params>({ path: any, query: any, header: any, cookie: any }),
  body: any,
  headers: any,
  signal: (value, name) => {
    if (value !== null) abortSignal(value, name);
  },
  parseAs: oneOf("json", "text", "blob", "arrayBuffer", "stream", "formData", "bytes"),
  middleware: must(
    `an array of objects with ${HOOKS.join(", ")}`,
    (all: HttpMiddleware[]) => Array.isArray(all) && all.every((each) => !each || isMiddleware(each)),
  ),
  baseUrl: text,
  querySerializer: any,
  bodySerializer: callable,
  pathSerializer: callable,
  fetch: callable,
  Request: callable,
  duplex: any,
};

const isValue = (value: unknown): boolean =>
  typeof value === "string" ? !/\p{Cs}/u.test(value) : typeof value === "boolean" || Number.isFinite(value);

const pathValue = /* @__PURE__ */ must("a string or a number", isValue);

// A value without a text form, such as a Date, would be left out, and the API would respond with everything.
const queryValue = /* @__PURE__ */ must(
  "a string, a number, true or false",
  (value: unknown[]) => isValue(value) || (Array.isArray(value) && value.length > 0 && [...value].every(isValue)),
);

function checkValues(values: object | undefined, where: string, rule: Rule): void {
  if (values === undefined) return;
  readable("an object of values")(values, where);
  for (const [name, value] of Object.entries(values)) if (value !== undefined) rule(value, `${where}: ${name}`);
}

/**
 * Refuses what openapi-fetch would leave out without a word, as a misspelled `query`, and what the platform would make another call of, as
 * it makes `/orders` of `/resellers/../orders`.
 * @throws {@link TypeError}
 */
export function checkInit(baseUrl: string, method: string, schemaPath: string, init: Init): void {
  text(schemaPath, "The path of a call by http");
  checkOptions(INIT_RULES, init, "init");
  const { params = {}, pathSerializer = fillPath, body } = init;
  const { path, query, header } = params;
  if (!init.pathSerializer) checkValues(path, "The path of a call by http", pathValue);
  if (!init.querySerializer) checkValues(query, "The query of a call by http", queryValue);
  checkBodiless(method, body);
  mergeHeaders("A call by http", init.headers, header);
  checkUrl(baseUrl, `${withoutEndSlashes(init.baseUrl ?? baseUrl)}${pathSerializer(schemaPath, path ?? {})}`);
}
