import { abortSignal, must, oneOf, type Rule, readable } from "@imcloud/options";
import { checkBodiless } from "../core/body.ts";
import { defined } from "../core/defined.ts";
import type { HttpMiddleware, HttpQuerySerializer, ParseAs } from "./openapi-fetch.ts";

type Value = string | number;

/** What a call by openapi-fetch can be told besides what the platform's `fetch` is. */
export interface Init extends Omit<RequestInit, "body" | "headers"> {
  params?: { path?: Record<string, Value>; query?: Record<string, unknown>; header?: object } | undefined;
  body?: unknown;
  headers?: object | undefined;
  parseAs?: ParseAs | undefined;
  middleware?: HttpMiddleware[] | undefined;
  baseUrl?: string | undefined;
  querySerializer?: HttpQuerySerializer | undefined;
  bodySerializer?: ((body: never, headers: Headers) => BodyInit) | undefined;
  pathSerializer?: ((path: string, values: Record<string, unknown>) => string) | undefined;
  fetch?: ((request: Request) => Promise<Response>) | undefined;
  Request?: typeof Request | undefined;
}

const INIT =
  /^(params|body|headers|signal|parseAs|middleware|fetch|Request|baseUrl|(query|body|path)Serializer|cache|credentials|duplex|integrity|keepalive|mode|priority|redirect|referrer|referrerPolicy)$/;

const PARAMS = /^(path|query|header|cookie)$/;

const parseAsRule = /* @__PURE__ */ oneOf("json", "text", "blob", "arrayBuffer", "stream", "formData", "bytes");

const isValue = (value: unknown): boolean => /^(string|number|boolean)$/.test(typeof value);

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

/**
 * Middlewares of openapi-fetch, without what is left out, as of `isDebug && middleware`.
 * @throws {@link TypeError} for what is none
 */
export function checkMiddleware(given: readonly HttpMiddleware[]): HttpMiddleware[] {
  const all = given.filter(Boolean);
  for (const each of all) middlewareRule(each, "Middleware");
  return all;
}

const checkNames = (given: object, where: string, known: RegExp) => {
  readable("an object")(given, where);
  const unknown = Object.keys(defined(given)).find((name) => !known.test(name));
  if (unknown !== undefined) throw new TypeError(`${where} has no ${unknown}.`);
};

function checkValues(values: object, where: string, what: string, rule: Rule): void {
  readable(what)(values, where);
  for (const [name, value] of Object.entries(defined(values))) rule(value, `${where}: ${name}`);
}

/** @throws {@link TypeError} for what would be left out without a word, as a misspelt `query` */
export function checkInit(method: string, init: Init): void {
  checkNames(init, "A call by http", INIT);
  const { params = {}, parseAs = "json", body, signal } = init;
  checkNames(params, "The params of a call by http", PARAMS);
  const { path = {}, query = {} } = params;
  if (!init.pathSerializer) checkValues(path, "The path of a call by http", "an object of values", pathValue);
  if (!init.querySerializer) checkValues(query, "The query of a call by http", "an object of filters", queryValue);
  parseAsRule(parseAs, "parseAs");
  if (signal) abortSignal(signal, "signal");
  checkBodiless(method, body);
}
