import { type HttpMethod, httpMethods } from "./methods.ts";

/** The parts of a bundled OpenAPI 3.1 document that this project reads. */
export interface Document {
  openapi: string;
  info: { title: string; version: string; description: string };
  tags?: { name: string; description?: string }[];
  servers?: object[];
  security?: Record<string, string[]>[];
  paths: Record<string, PathItem>;
  components?: Record<string, Record<string, unknown>>;
}

export type PathItem = { parameters?: Reference<Parameter>[] } & { [Method in HttpMethod]?: Operation };

/** A value, or a JSON pointer to it. */
export type Reference<T> = T | { $ref: string };

/** How sure the document is of a place, and why: decision 0008. */
export interface Source {
  certainty: "live" | "vendor" | "guide" | "assumed";
  /** Ids of facts in the tables of evidence. */
  facts?: string[];
  /** Number of a decision. */
  decision?: string;
}

export interface Parameter {
  "x-source"?: Source;
  name: string;
  in: "path" | "query" | "header" | "cookie";
  description?: string;
  required?: boolean;
  deprecated?: boolean;
  schema?: Reference<Schema>;
  example?: unknown;
  examples?: Record<string, Reference<Example>>;
}

/** The keywords of JSON Schema 2020-12 that OpenAPI documents commonly use. */
export interface Schema {
  "x-source"?: Source;
  title?: string;
  description?: string;
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  /** The known values of an open enum. */
  "x-extensible-enum"?: string[];
  /** What a body needs, by the value of one of its properties. For types: the API itself says what is missing. */
  "x-imcloud-variants"?: { property: string; required: Record<string, string[]> };
  /** Marks personal data. The value is the word that identifies such a field in free names, such as columns of reports. */
  "x-imcloud-personal"?: string;
  /** The states that can directly follow each state (decision 0017). The first is the initial one. */
  "x-life-cycle"?: Record<string, string[]>;
  /** A reference can have a description of its own in OpenAPI 3.1. */
  properties?: Record<string, Reference<Schema> & { description?: string }>;
  required?: string[];
  items?: Reference<Schema>;
  additionalProperties?: Reference<Schema> | boolean;
  allOf?: Reference<Schema>[];
  anyOf?: Reference<Schema>[];
  oneOf?: Reference<Schema>[];
  default?: unknown;
  examples?: unknown[];
  deprecated?: boolean;
  readOnly?: boolean;
  writeOnly?: boolean;
  pattern?: string;
  format?: string;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
}

export interface Example {
  summary?: string;
  value: unknown;
}

/** The content of a request or response in one media type. */
export interface MediaType {
  schema?: Reference<Schema>;
  examples?: Record<string, Reference<Example>>;
}

export interface RequestBody {
  required?: boolean;
  content: Record<string, MediaType>;
}

export interface Response {
  description: string;
  headers?: Record<string, unknown>;
  content?: Record<string, MediaType>;
}

export interface Operation {
  "x-source"?: Source;
  operationId: string;
  summary: string;
  description: string;
  tags?: string[];
  deprecated?: boolean;
  /** Alternatives. Without any, the document's apply. */
  security?: Record<string, string[]>[];
  /** Whether it changes nothing although it is not a GET, so that it may be repeated. */
  "x-imcloud-safe"?: boolean;
  /** Further resources that it changes. */
  "x-imcloud-affects"?: string[];
  /** Query parameters that it accepts and ignores, which no sample shows. */
  "x-imcloud-ignored"?: string[];
  parameters?: Reference<Parameter>[];
  requestBody?: Reference<RequestBody>;
  responses: Record<string, Reference<Response>>;
}

/** An operation with its method and path. */
export interface Endpoint {
  method: HttpMethod;
  /** The path template, such as `/orders/{id}`. */
  path: string;
  /** The parameters of the path and of the operation, with references resolved. */
  parameters: Parameter[];
  operation: Operation;
}

/** An operation of our document: what `imcloud.<resource>.<name>()` calls. */
export interface NamedOperation extends Endpoint {
  /** Its `operationId`: `<resource>_<name>`. */
  id: string;
  resource: string;
  name: string;
}

/** The reference tokens of a JSON pointer in a URI fragment, RFC 6901 §6, unescaped. */
export const pointerTokens = (pointer: string): string[] =>
  pointer
    .replace("#/", "")
    .split("/")
    .map((token) => token.replaceAll("~1", "/").replaceAll("~0", "~"));

/** What a reference points to, inside a bundled document. */
export function resolve<T>(document: Document, node: Reference<T>): T {
  let target: unknown = node;
  while (typeof target === "object" && target !== null && "$ref" in target) {
    target = pointerTokens(String(target.$ref)).reduce<unknown>(
      (parent, token) => (parent as Record<string, unknown>)[token],
      document,
    );
  }
  return target as T;
}

/** The name of the component that a reference points to; `undefined` if it is not a reference. */
export const componentName = (node: object | undefined): string | undefined =>
  node && "$ref" in node ? pointerTokens(String(node.$ref)).at(-1) : undefined;

/** The parameters of an operation. Its own override those of the path. */
function parametersOf(document: Document, item: PathItem, operation: Operation): Parameter[] {
  const all = [...(item.parameters ?? []), ...(operation.parameters ?? [])].map((node) => resolve(document, node));
  return [...new Map(all.map((parameter) => [`${parameter.in} ${parameter.name}`, parameter])).values()];
}

/** Every operation of any document, in order. */
export function endpointsOf(document: Document): Endpoint[] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    httpMethods.flatMap((method) => {
      const operation = item[method];
      return operation ? [{ method, path, parameters: parametersOf(document, item, operation), operation }] : [];
    }),
  );
}

/**
 * Every operation of our document, in order.
 * @throws {@link Error} when an `operationId` is not `<resource>_<method>`
 */
export function operationsOf(document: Document): NamedOperation[] {
  return endpointsOf(document).map((endpoint) => {
    const id = endpoint.operation.operationId;
    const [resource, name, more] = id.split("_");
    if (!resource || !name || more) throw new Error(`operationId ${id} must be <resource>_<method>.`);
    return { id, resource, name, ...endpoint };
  });
}

/** The JSON content of a request or response. */
export function jsonContent(content: Record<string, MediaType> | undefined): MediaType | undefined {
  const type = Object.keys(content ?? {}).find((name) => /^application\/(.+\+)?json\b|^\*\/\*$/i.test(name));
  return type === undefined ? undefined : content?.[type];
}

/** The schema of an operation's JSON request. */
export function requestSchema(document: Document, operation: Operation): Reference<Schema> | undefined {
  const body = operation.requestBody && resolve(document, operation.requestBody);
  return jsonContent(body?.content)?.schema;
}

/** The success response of an operation: the first `2xx`, or else `default`. */
export function successResponse(document: Document, operation: Operation): Response | undefined {
  const statuses = Object.keys(operation.responses);
  const status = statuses.find((name) => /^2(\d\d|xx)$/i.test(name)) ?? statuses.find((name) => name === "default");
  const response = status === undefined ? undefined : operation.responses[status];
  return response && resolve(document, response);
}

/** The schema of an operation's JSON success response. */
export const responseSchema = (document: Document, operation: Operation): Reference<Schema> | undefined =>
  jsonContent(successResponse(document, operation)?.content)?.schema;

/** A variant of a schema, by the value of a property. */
export interface Variant {
  /** The name of its type, such as `ChangeOrderCreate`. */
  name: string;
  property: string;
  value: string;
  required: string[];
  /** Whether it applies when the property is left out. */
  isDefault: boolean;
}

/** The variants of a component schema, if any. */
export function variantsOf(name: string, schema: Schema | undefined): Variant[] {
  const variants = schema?.["x-imcloud-variants"];
  if (!schema || !variants) return [];
  const { property, required } = variants;
  const parts = [schema, ...(schema.allOf ?? [])] as Schema[];
  const own = parts.flatMap((part) => (part.properties ? [part.properties[property] as Schema | undefined] : []));
  const fallback = own.find((each) => each?.default !== undefined)?.default;
  return Object.entries(required).map(([value, members]) => ({
    name: `${value.charAt(0).toUpperCase()}${value.slice(1)}${name}`,
    property,
    value,
    required: members,
    isDefault: value === fallback,
  }));
}
