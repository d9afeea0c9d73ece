import {
  type Document,
  type NamedOperation,
  operationsOf,
  type Reference,
  resolve,
} from "@imcloud/openapi-tools/document";
import type { IHttpRequest, IHttpResponse } from "@stoplight/prism-http";
import type { Random } from "../../support/random.ts";
import { Values, type Wrongness } from "./values.ts";

/** The members of a parameter or a header that messages are made from. */
export interface Parameter {
  name: string;
  in: string;
  required?: boolean;
  style?: string;
  explode?: boolean;
  deprecated?: boolean;
  schema?: Record<string, unknown>;
  content?: Record<string, { schema?: Record<string, unknown> }>;
}

/** A request of an operation, and a response to it. */
export interface Exchange {
  operation: NamedOperation;
  request: IHttpRequest;
  response: IHttpResponse;
}

type Contents = Record<string, { schema?: unknown }>;

const textOf = (value: unknown): string =>
  typeof value === "object" && value !== null ? JSON.stringify(value) : String(value);

const isList = (value: unknown): value is unknown[] => Array.isArray(value);
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !isList(value);

const flattened = (value: object): string[] => Object.entries(value).flatMap(([key, part]) => [key, textOf(part)]);
const pairs = (value: object): string[] => Object.entries(value).map(([key, part]) => `${key}=${textOf(part)}`);

/** Serializes a value for a path or a header. */
function serialized({ name, style = "simple", explode = false }: Parameter, value: unknown): string {
  const parts = isList(value)
    ? value.map(textOf)
    : isObject(value)
      ? explode
        ? pairs(value)
        : flattened(value)
      : [textOf(value)];
  if (style === "label") return `.${parts.join(explode ? "." : ",")}`;
  if (style === "matrix") {
    return isList(value) && explode ? parts.map((part) => `;${name}=${part}`).join("") : `;${name}=${parts.join(",")}`;
  }
  return parts.join(",");
}

/** Serializes an object as `name[member]` (style deepObject). */
function putDeepObject(query: Record<string, string | string[]>, name: string, value: unknown): void {
  if (typeof value !== "object" || value === null) query[name] = textOf(value);
  else for (const [key, part] of Object.entries(value)) putDeepObject(query, `${name}[${key}]`, part);
}

const SEPARATORS: Record<string, string> = { spaceDelimited: " ", pipeDelimited: "|" };

const TOKENS = [
  undefined,
  "",
  ...["Bearer token", "bearer token", "Bearer ", "Bearer", "Bearer a b", "Token x", "Basic", "Basic ***"],
  ...["a:b", "a", "a:b:c", ":", ""].map((text) => `Basic ${btoa(text)}`),
  `basic ${btoa("a:b")}`,
];

const JUNK_TEXTS = [
  "",
  "x",
  "12",
  "-1",
  "1.5",
  "true",
  "null",
  "a,b",
  "1,2,3",
  " 5 ",
  "0x1F",
  "1e2",
  "é",
  "[1]",
  '{"from":1}',
];

// No undocumented form bodies: the validator that stock Prism compiles for their text is cached with the schema, and then takes
// numbers for strings in JSON too. Its verdict on a message would depend on earlier messages.
const MEDIA_TYPES = [
  ...["application/json", "application/json; charset=utf-8", "Application/JSON", "text/plain", "text/csv", "text/html"],
  ...["application/problem+json", "application/vnd.note+json", "application/xml", "application/octet-stream"],
  "image/png",
];

/** Generates requests and responses of a document's operations: valid ones, and ones with one or several errors. */
export class Messages {
  readonly operations: readonly NamedOperation[];
  readonly #document: Document;
  readonly #values: Values;
  readonly #keywords: readonly string[];

  constructor(document: Document) {
    this.#document = document;
    this.#values = new Values(document);
    this.#keywords = this.#values.keywords;
    this.operations = operationsOf(document);
  }

  /** @param round every third round breaks the next keyword, so that each gets its turn */
  make(random: Random, operation: NamedOperation, round: number): Exchange {
    const keyword = round % 3 === 0 ? this.#keywords[(round / 3) % this.#keywords.length] : undefined;
    return {
      operation,
      request: this.#request(random, operation, this.#wrong(random, keyword)),
      response: this.#response(random, operation, this.#wrong(random, keyword)),
    };
  }

  /** Chooses how wrong a message is. */
  #wrong(random: Random, keyword: string | undefined): Wrongness {
    return keyword === undefined ? { rate: random.pick([0, 0, 0.02, 0.05, 0.2]) } : { rate: 0, keyword };
  }

  #parameterValue(random: Random, parameter: Parameter, wrong: Wrongness): unknown {
    const [content] = Object.values(parameter.content ?? {});
    return this.#values.make(random, content?.schema ?? parameter.schema ?? {}, wrong);
  }

  #path(random: Random, { path }: NamedOperation, parameters: Parameter[], wrong: Wrongness): string {
    return path.replace(/\{([^}]+)\}/g, (_all, name: string) => {
      const parameter = parameters.find((known) => known.in === "path" && known.name === name);
      if (!parameter) throw new Error(`${path} has no parameter ${name}.`);
      const isJunk = random.chance(wrong.rate);
      const text = isJunk
        ? random.pick(JUNK_TEXTS)
        : serialized(parameter, this.#parameterValue(random, parameter, wrong));
      // Separators are not encoded, the parts between them are. An empty segment would be another path.
      return (
        text
          .split(/([,;=.])/)
          .map((part) => (/^[,;=.]$/.test(part) ? part : encodeURIComponent(part)))
          .join("") || "0"
      );
    });
  }

  #query(random: Random, parameters: Parameter[], wrong: Wrongness): Record<string, string | string[]> {
    const query: Record<string, string | string[]> = {};
    for (const parameter of parameters) {
      if (parameter.in !== "query") continue;
      const isLeftOut = parameter.required ? random.chance(wrong.rate) : random.chance(0.6);
      if (isLeftOut) continue;
      const name = random.chance(wrong.rate / 4) ? parameter.name.toUpperCase() : parameter.name;
      if (random.chance(wrong.rate)) {
        query[name] = random.chance(0.2) ? [random.pick(JUNK_TEXTS), random.pick(JUNK_TEXTS)] : random.pick(JUNK_TEXTS);
        continue;
      }
      this.#put(query, { ...parameter, name }, this.#parameterValue(random, parameter, wrong));
    }
    if (random.chance(wrong.rate)) query.unknown = "x";
    return query;
  }

  #put(query: Record<string, string | string[]>, parameter: Parameter, value: unknown): void {
    const { name, style = "form", explode = style === "form", content } = parameter;
    if (content) query[name] = JSON.stringify(value);
    else if (style === "deepObject") putDeepObject(query, name, value);
    else if (isList(value) && explode) {
      if (value.length) query[name] = value.length === 1 ? textOf(value[0]) : value.map(textOf);
    } else if (isList(value)) query[name] = value.map(textOf).join(SEPARATORS[style] ?? ",");
    else if (isObject(value) && explode) for (const key of Object.keys(value)) query[key] = textOf(value[key]);
    else query[name] = isObject(value) ? flattened(value).join(",") : textOf(value);
  }

  #headers(random: Random, parameters: Parameter[], wrong: Wrongness): Record<string, string> {
    const headers: Record<string, string> = {};
    for (const parameter of parameters) {
      const isLeftOut = parameter.required ? random.chance(wrong.rate) : random.chance(0.6);
      if (isLeftOut) continue;
      headers[parameter.name.toLowerCase()] = random.chance(wrong.rate)
        ? random.pick(JUNK_TEXTS)
        : serialized(parameter, this.#parameterValue(random, parameter, wrong));
    }
    return headers;
  }

  #body(random: Random, contents: Contents, mediaType: string, wrong: Wrongness): unknown {
    const content = contents[mediaType] ?? random.pick(Object.values(contents));
    const value = this.#values.make(random, content?.schema ?? {}, wrong);
    if (mediaType !== "application/x-www-form-urlencoded") return value;
    return isObject(value)
      ? new URLSearchParams(Object.entries(value).map(([key, part]) => [key, textOf(part)])).toString()
      : textOf(value);
  }

  #mediaType(random: Random, contents: Contents, wrong: Wrongness): string {
    const documented = Object.keys(contents).map((type) => (type.includes("*") ? "text/plain" : type));
    return documented.length && !random.chance(wrong.rate * 2) ? random.pick(documented) : random.pick(MEDIA_TYPES);
  }

  #request(random: Random, operation: NamedOperation, wrong: Wrongness): IHttpRequest {
    const parameters = operation.parameters as Parameter[];
    const { requestBody } = operation.operation;
    const contents = (requestBody && resolve(this.#document, requestBody).content) ?? {};
    const headers = this.#headers(
      random,
      parameters.filter((parameter) => parameter.in === "header"),
      wrong,
    );
    const query = this.#query(random, parameters, wrong);
    this.#showCredentials(random, headers, query, operation, wrong);
    const request: IHttpRequest = {
      method: operation.method,
      url: { path: this.#path(random, operation, parameters, wrong), query },
      headers,
    };
    if (requestBody ? random.chance(wrong.rate) : !random.chance(wrong.rate)) return request;
    const mediaType = this.#mediaType(random, contents as Contents, wrong);
    request.body = this.#body(random, contents as Contents, mediaType, wrong);
    headers["content-length"] = "10";
    if (!random.chance(wrong.rate)) headers["content-type"] = mediaType;
    return request;
  }

  #showCredentials(
    random: Random,
    headers: Record<string, string>,
    query: Record<string, string | string[]>,
    { operation }: NamedOperation,
    wrong: Wrongness,
  ): void {
    const alternatives = operation.security ?? this.#document.security ?? [];
    if (alternatives.length === 0) return;
    const isGood = !random.chance(wrong.rate * 2 + 0.05);
    const schemes = isGood ? Object.keys(random.pick(alternatives)) : alternatives.flatMap((all) => Object.keys(all));
    for (const name of schemes) {
      const scheme = resolve(this.#document, this.#document.components?.securitySchemes?.[name] as Reference<Scheme>);
      if (scheme.type === "apiKey") {
        const value = isGood ? "key" : random.pick([undefined, "", "key"]);
        if (value === undefined) continue;
        if (scheme.in === "query") query[scheme.name] = value;
        else if (scheme.in === "cookie") headers.cookie = `${random.pick(["", "other=1; "])}${scheme.name}=${value}`;
        else headers[scheme.name.toLowerCase()] = value;
      } else {
        const good = scheme.scheme === "basic" ? `Basic ${btoa("user:password")}` : "Bearer token";
        const value = isGood ? good : random.pick(TOKENS);
        if (value !== undefined) headers.authorization = value;
      }
    }
  }

  #response(random: Random, { operation }: NamedOperation, wrong: Wrongness): IHttpResponse {
    const documented = Object.keys(operation.responses);
    const code = random.chance(wrong.rate) ? random.pick(["206", "299", "302", "418", "507"]) : random.pick(documented);
    const statusCode = code === "default" ? 503 : Number(code.replace(/XX$/, "22"));
    const node = operation.responses[code];
    const { content = {}, headers: specs = {} } = node ? resolve(this.#document, node) : {};
    const parameters = Object.entries(specs).map(([name, header]) => ({
      ...resolve(this.#document, header as Reference<Parameter>),
      name,
      in: "header",
    }));
    const headers = this.#headers(random, parameters, wrong);
    const mediaType = this.#mediaType(random, content as Contents, wrong);
    if (!random.chance(wrong.rate)) headers["content-type"] = mediaType;
    const response: IHttpResponse = { statusCode, headers };
    if (Object.keys(content).length && !random.chance(wrong.rate)) {
      response.body = this.#body(random, content as Contents, mediaType, wrong);
    }
    return response;
  }
}

interface Scheme {
  type: string;
  scheme?: string;
  in?: string;
  name: string;
}
