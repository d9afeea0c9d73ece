import { abortSignal, callable, must, oneOf, type Rule, readable, text } from "@imcloud/options";
import { checkBodiless } from "../core/calls/body.ts";
import { mergeHeaders } from "../core/calls/merge-headers.ts";
import { checkUrl, fillPath, withoutEndSlashes } from "../core/calls/url.ts";
import type { HttpMiddleware, ParseAs } from "./openapi-fetch.ts";

/** What of a call by openapi-fetch is looked at before it is made. */
export interface Init {
  params?: { path?: Record<string, string | number>; query?: Record<string, unknown>; header?: object } | undefined;
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
  pathSerializer?: ((path: string, values: Record<string, unknown>) => string) | undefined;
}

const INIT = /* @__PURE__ */ new Set(
  (
    "params body headers signal parseAs middleware fetch Request baseUrl querySerializer bodySerializer pathSerializer " +
    "cache credentials duplex integrity keepalive mode priority redirect referrer referrerPolicy"
  ).split(" "),
);

const PARAMS = /* @__PURE__ */ new Set(["path", "query", "header", "cookie"]);

const parseAsRule = /* @__PURE__ */ oneOf("json", "text", "blob", "arrayBuffer", "stream", "formData", "bytes");

const isValue = (value: unknown): boolean =>
  typeof value === "string" ? !/\p{Cs}/u.test(value) : typeof value === "boolean" || Number.isFinite(value);

const pathValue = /* @__PURE__ */ must("a string or a number", isValue);

// What there is no text for, such as a Date, would be left out, and the API would respond with everything.
const queryValue = /* @__PURE__ */ must(
  "a string, a number, true or false",
  (value: unknown[]) => isValue(value) || (Array.isArray(value) && value.length > 0 && [...value].every(isValue)),
);

const HOOKS = ["onRequest", "onResponse", "onError"] as const;

const middlewareRule = /* @__PURE__ */ must(
  `an object with ${HOOKS.join(", ")}`,
  (given: HttpMiddleware) => typeof given === "object" && HOOKS.some((name) => name in given),
);

const objectRule = /* @__PURE__ */ readable("an object");
const pathRule = /* @__PURE__ */ readable("an object of values");
const queryRule = /* @__PURE__ */ readable("an object of filters");

function checkNames(given: object, where: string, known: ReadonlySet<string>): void {
  objectRule(given, where);
  for (const [name, value] of Object.entries(given))
    if (value !== undefined && !known.has(name)) throw new TypeError(`${where} has no ${name}.`);
}

function checkValues(values: object | undefined, where: string, rule: Rule, valueRule: Rule): void {
  if (values === undefined) return;
  rule(values, where);
  for (const [name, value] of Object.entries(values)) if (value !== undefined) valueRule(value, `${where}: ${name}`);
}

/**
 * Refuses what openapi-fetch would leave out without a word, as a misspelt `query`, and what the platform would make another call of, as
 * it makes `/orders` of `/resellers/../orders`.
 * @throws {@link TypeError}
 */
export function checkInit(baseUrl: string, method: string, schemaPath: string, init: Init): void {
  text(schemaPath, "The path of a call by http");
  checkNames(init, "A call by http", INIT);
  if (init.baseUrl) text(init.baseUrl, "baseUrl");
  for (const name of ["fetch", "Request", "bodySerializer", "pathSerializer"] as const)
    if (init[name] !== undefined) callable(init[name], name);
  const { params = {}, parseAs = "json", middleware = [], pathSerializer = fillPath, body, signal } = init;
  checkNames(params, "The params of a call by http", PARAMS);
  const { path, query } = params;
  if (!init.pathSerializer) checkValues(path, "The path of a call by http", pathRule, pathValue);
  if (!init.querySerializer) checkValues(query, "The query of a call by http", queryRule, queryValue);
  parseAsRule(parseAs, "parseAs");
  for (const each of middleware) if (each) middlewareRule(each, "Middleware");
  if (signal) abortSignal(signal, "signal");
  checkBodiless(method, body);
  mergeHeaders("A call by http", init.headers, params.header);
  checkUrl(baseUrl, `${withoutEndSlashes(init.baseUrl ?? baseUrl)}${pathSerializer(schemaPath, path ?? {})}`);
}
