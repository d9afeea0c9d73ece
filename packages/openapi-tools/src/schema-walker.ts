import {
  componentName,
  type Document,
  type Endpoint,
  endpointsOf,
  type Reference,
  resolve,
  type Schema,
} from "./document.ts";

/** The keywords of JSON Schema 2020-12 whose value is a schema. */
const ONE = new Set(
  ["additionalProperties", "items", "contains", "propertyNames", "not", "if", "then", "else"].concat([
    "unevaluatedItems",
    "unevaluatedProperties",
    "contentSchema",
  ]),
);
/** The keywords whose value is a list of schemas. */
const LIST = new Set(["allOf", "anyOf", "oneOf", "prefixItems"]);
/** The keywords whose value is a map of schemas by name. */
export const MAPS_OF_SCHEMAS: ReadonlySet<string> = new Set([
  "properties",
  "patternProperties",
  "dependentSchemas",
  "$defs",
]);

/** A schema directly inside another one. */
export interface Subschema {
  keyword: string;
  /** Its path in the outer schema: `["properties", "id"]`, `["allOf", "0"]`, `["items"]`. */
  path: string[];
  schema: Reference<Schema>;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The schemas directly inside a schema, in order, without `true` and `false`. */
export function subschemasOf(schema: object): Subschema[] {
  return Object.entries(schema).flatMap(([keyword, value]): Subschema[] => {
    if (ONE.has(keyword)) return isObject(value) ? [{ keyword, path: [keyword], schema: value }] : [];
    if ((LIST.has(keyword) && Array.isArray(value)) || (MAPS_OF_SCHEMAS.has(keyword) && isObject(value))) {
      return Object.entries(value)
        .filter((entry): entry is [string, Record<string, unknown>] => isObject(entry[1]))
        .map(([key, part]) => ({ keyword, path: [keyword, key], schema: part }));
    }
    return [];
  });
}

/** A visited schema. */
export interface VisitedSchema {
  /** The schema, with its reference resolved. */
  schema: Schema;
  /** The node in the document: the schema, or a reference to it, which can have a description of its own. */
  node: Reference<Schema>;
  /** The name of the component that contains it; `undefined` for an inline schema. */
  component: string | undefined;
  /** Its path from the component, or from the root. */
  path: string[];
}

/**
 * Visits a schema and every schema that can be reached from it, through references, from the outside in. A component is
 * entered once.
 * @param entered the components to skip; several walks with the same set visit each component once
 */
export function walkSchema(
  document: Document,
  root: Reference<Schema>,
  visit: (visited: VisitedSchema) => void,
  entered: Set<string> = new Set(),
): void {
  function walk(node: Reference<Schema>, component: string | undefined, path: string[]): void {
    const name = componentName(node);
    if (name !== undefined) {
      if (entered.has(name)) return;
      entered.add(name);
    }
    const schema = resolve(document, node);
    const [owner, start] = name === undefined ? [component, path] : [name, []];
    visit({ schema, node, component: owner, path: start });
    for (const part of subschemasOf(schema)) walk(part.schema, owner, [...start, ...part.path]);
  }
  walk(root, undefined, []);
}

/** The schemas of an operation's parameters, request and responses. */
export function schemasOf(document: Document, { parameters, operation }: Endpoint): Reference<Schema>[] {
  const body = operation.requestBody && resolve(document, operation.requestBody);
  const responses = Object.values(operation.responses).map((response) => resolve(document, response));
  const media = [body?.content, ...responses.map(({ content }) => content)].flatMap((content) =>
    Object.values(content ?? {}),
  );
  const headers = responses.flatMap((response) =>
    Object.values(response.headers ?? {}).map((header) => resolve(document, header as Reference<{ schema?: Schema }>)),
  );
  return [...parameters, ...media, ...headers].flatMap(({ schema }) => (schema ? [schema] : []));
}

/** Every schema that a document's operations reach, without duplicates. */
export function schemasIn(document: Document): Set<Schema> {
  const schemas = new Set<Schema>();
  const entered = new Set<string>();
  for (const root of endpointsOf(document).flatMap((endpoint) => schemasOf(document, endpoint))) {
    walkSchema(document, root, ({ schema }) => schemas.add(schema), entered);
  }
  return schemas;
}

/** The names of the component schemas that can be reached from some schemas. */
export function reachedComponents(document: Document, roots: Iterable<Reference<Schema>>): Set<string> {
  const names = new Set<string>();
  for (const root of roots) walkSchema(document, root, () => {}, names);
  return names;
}

/**
 * Copies a schema and applies `change` to every schema in it, from the inside out. References
 * are passed to `change` unresolved.
 */
export function mapSchema(schema: object, change: (schema: Record<string, unknown>) => object): object {
  const copy: Record<string, unknown> = structuredClone({ ...schema });
  for (const { path, schema: part } of subschemasOf(schema)) {
    const [keyword, key] = path as [string, string | undefined];
    if (key === undefined) copy[keyword] = mapSchema(part, change);
    else (copy[keyword] as Record<string, unknown>)[key] = mapSchema(part, change);
  }
  return change(copy);
}
