/** The parts of a bundled OpenAPI document that the build reads. */
export interface Document {
  openapi: string;
  info: { title: string; version: string; description: string };
  servers?: object[];
  security?: Record<string, string[]>[];
  paths: Record<string, PathItem>;
  components?: Record<string, Record<string, unknown>>;
}

export type Method = (typeof methods)[number];
export const methods = ["get", "post", "put", "patch", "delete"] as const;

export type PathItem = { parameters?: Reference<Parameter>[] } & { [M in Method]?: Operation };

export type Reference<T> = T | { $ref: string };

export interface Parameter {
  name: string;
  in: "path" | "query" | "header";
  required?: boolean;
}

/** A JSON Schema, as far as the document and others like it use it. */
export interface Schema {
  description?: string;
  type?: string | string[];
  enum?: unknown[];
  "x-extensible-enum"?: string[];
  /** A reference can have a description of its own in OpenAPI 3.1. */
  properties?: Record<string, Reference<Schema> & { description?: string }>;
  required?: string[];
  items?: Reference<Schema>;
  additionalProperties?: Reference<Schema> | boolean;
  allOf?: Reference<Schema>[];
  anyOf?: Reference<Schema>[];
  oneOf?: Reference<Schema>[];
  readOnly?: boolean;
  writeOnly?: boolean;
  pattern?: string;
  format?: string;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
}

export interface Content {
  schema?: Reference<object>;
  examples?: Record<string, Reference<{ summary?: string; value: unknown }>>;
}

export interface Response {
  description: string;
  headers?: Record<string, unknown>;
  content?: Record<string, Content>;
}

export interface Operation {
  operationId: string;
  summary: string;
  description: string;
  deprecated?: boolean;
  /** Each of them is enough; without any, those of the document hold. */
  security?: Record<string, string[]>[];
  /** It changes nothing although it is no GET, so that it may be repeated. */
  "x-imcloud-safe"?: boolean;
  parameters?: Reference<Parameter>[];
  requestBody?: Reference<{ required?: boolean; content: Record<string, Content> }>;
  responses: Record<string, Reference<Response>>;
}

/** An operation with where it stands: what `imcloud.<resource>.<name>()` calls. */
export interface NamedOperation {
  id: string;
  resource: string;
  name: string;
  method: Method;
  path: string;
  parameters: Parameter[];
  operation: Operation;
}

/** The steps of a JSON pointer in a fragment. */
export const stepsOf = (pointer: string): string[] =>
  pointer
    .replace("#/", "")
    .split("/")
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));

/** What a reference points to, inside a bundled document. */
export function resolve<T>(document: Document, node: Reference<T>): T {
  let found: unknown = node;
  while (typeof found === "object" && found !== null && "$ref" in found) {
    found = stepsOf(String(found.$ref)).reduce<unknown>(
      (parent, key) => (parent as Record<string, unknown>)[key],
      document,
    );
  }
  return found as T;
}

/** Every operation of a document, in its order. */
export function operationsOf(document: Document): NamedOperation[] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    methods.flatMap((method) => {
      const operation = item[method];
      if (!operation) return [];
      const [resource, name, more] = operation.operationId.split("_");
      if (!resource || !name || more) {
        throw new Error(`operationId ${operation.operationId} must be <resource>_<method>.`);
      }
      const parameters = [...(item.parameters ?? []), ...(operation.parameters ?? [])];
      return [
        {
          id: operation.operationId,
          resource,
          name,
          method,
          path,
          parameters: parameters.map((parameter) => resolve(document, parameter)),
          operation,
        },
      ];
    }),
  );
}

type Named<T> = [name: string, value: T];

function examplesIn(document: Document, content: Content | undefined): Named<unknown>[] {
  return Object.entries(content?.examples ?? {}).map(([name, example]) => [name, resolve(document, example).value]);
}

/** The named examples of an operation's JSON request. */
export function requestExamples(document: Document, { operation }: NamedOperation): Named<unknown>[] {
  const body = operation.requestBody && resolve(document, operation.requestBody);
  return examplesIn(document, body?.content["application/json"]);
}

/**
 * The id of the thing that an operation's path names, as the example of reading that thing has it.
 * @throws Error when no example shows one
 */
export function knownId(document: Document, { path }: NamedOperation): string {
  const thing = path.slice(0, path.indexOf("}") + 1);
  const response = document.paths[thing]?.get?.responses["200"];
  const content = response && resolve(document, response).content;
  const [example] = examplesIn(document, content?.["application/json"]);
  if (!example) throw new Error(`No example shows what ${path} names.`);
  return (example[1] as { id: string }).id;
}
