import {
  type Document,
  operationsOf,
  type Parameter,
  type Reference,
  type Schema,
} from "@imcloud/openapi-tools/document";
import { walkSchema } from "@imcloud/openapi-tools/schema-walker";

/** A document from which one constraint is removed. */
export interface Mutation {
  kind: "required" | "enum value" | "known value" | "response";
  /** What is removed. */
  name: string;
  mutate(copy: Document): void;
}

type Path = string[];

const at = (root: unknown, path: Path) =>
  path.reduce<unknown>((node, step) => (node as Record<string, unknown>)[step], root);

const LISTS = { required: "required", enum: "enum value", "x-extensible-enum": "known value" } as const;

interface ConstraintList {
  keyword: keyof typeof LISTS;
  path: Path;
  items: unknown[];
}

/** Every `required` and enum list in a schema, at any depth. */
function listsIn(document: Document, schema: Reference<Schema>, root: Path): ConstraintList[] {
  const found: ConstraintList[] = [];
  walkSchema(document, schema, ({ schema, component, path }) => {
    // A referenced component is visited by itself.
    if (component !== undefined) return;
    for (const keyword of Object.keys(LISTS) as (keyof typeof LISTS)[]) {
      const items = schema[keyword];
      if (items) found.push({ keyword, path: [...root, ...path, keyword], items });
    }
  });
  return found;
}

/** The schemas of a document's components, with their paths. */
function componentSchemas(document: Document): { schema: Reference<Schema>; path: Path }[] {
  const { schemas = {}, parameters = {} } = document.components ?? {};
  return [
    ...Object.entries(schemas).map(([name, schema]) => ({
      schema: schema as Schema,
      path: ["components", "schemas", name],
    })),
    ...Object.entries(parameters).map(([name, parameter]) => ({
      schema: (parameter as Parameter).schema ?? {},
      path: ["components", "parameters", name, "schema"],
    })),
  ];
}

/** Removes each required field, each enum value and each response of a document, one at a time. */
export function mutationsOf(document: Document): Mutation[] {
  const ofSchemas = componentSchemas(document).flatMap(({ schema, path: root }) =>
    listsIn(document, schema, root).flatMap(({ keyword, path, items }) =>
      items.map(
        (item): Mutation => ({
          kind: LISTS[keyword],
          name: `${item} of ${path.slice(2).join(".")}`,
          mutate: (copy) => {
            const list = at(copy, path) as unknown[];
            list.splice(list.indexOf(item), 1);
            // An empty list is removed.
            if (!list.length) delete (at(copy, path.slice(0, -1)) as Record<string, unknown>)[String(path.at(-1))];
          },
        }),
      ),
    ),
  );
  const ofResponses = operationsOf(document).flatMap(({ id, path, method, operation }) =>
    Object.keys(operation.responses).map(
      (status): Mutation => ({
        kind: "response",
        name: `${status} of ${id}`,
        mutate: (copy) => {
          delete copy.paths[path]?.[method]?.responses[status];
        },
      }),
    ),
  );
  return [...ofSchemas, ...ofResponses];
}
