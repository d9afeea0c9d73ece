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
/** Those whose value is a list of schemas. */
const LIST = new Set(["allOf", "anyOf", "oneOf", "prefixItems"]);
/** Those whose value has schemas by names, which are no keywords themselves. */
const NAMED = new Set(["properties", "patternProperties", "dependentSchemas", "$defs"]);

/** A schema directly inside another one. */
export interface Subschema {
  keyword: string;
  /** Where it stands, from the schema that holds it: `["properties", "id"]`, `["allOf", "0"]`, `["items"]`. */
  path: string[];
  schema: Reference<Schema>;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The schemas directly inside a schema, in its order; `true` and `false` are left out. */
export function subschemasOf(schema: object): Subschema[] {
  return Object.entries(schema).flatMap(([keyword, value]): Subschema[] => {
    if (ONE.has(keyword)) return isObject(value) ? [{ keyword, path: [keyword], schema: value }] : [];
    if ((LIST.has(keyword) && Array.isArray(value)) || (NAMED.has(keyword) && isObject(value))) {
      return Object.entries(value)
        .filter((entry): entry is [string, Record<string, unknown>] => isObject(entry[1]))
        .map(([key, part]) => ({ keyword, path: [keyword, key], schema: part }));
    }
    return [];
  });
}

/** A schema on the way through others. */
export interface VisitedSchema {
  /** The schema itself, its reference resolved. */
  schema: Schema;
  /** What stands there in the document: the schema, or a reference to it, which can have a description of its own. */
  node: Reference<Schema>;
  /** The name of the component that it is or is a part of; `undefined` for what is written where it is used. */
  component: string | undefined;
  /** From the component, or from the root where there is none. */
  path: string[];
}

/**
 * Visits a schema and every schema that can be reached from it, through references, from the outside in. A component is
 * entered once.
 * @param entered the components that are not entered again: hand the same set to several walks to see each once in all
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

/** Every schema that an operation's parameters, request and responses are made of. */
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

/** Every schema that a document's operations reach, each once, as the objects that stand in the document. */
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
 * A copy of a schema in which each schema, itself included, is what `change` makes of it, from the inside out. References
 * are handed to `change` as they stand.
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
