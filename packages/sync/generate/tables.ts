import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import {
  type Document,
  operationsOf,
  type Reference,
  responseSchema,
  type Schema,
} from "@imcloud/openapi-tools/document";
import { type MergedSchema, mergedSchema } from "@imcloud/openapi-tools/fields";
import type { ChildSpec, ColumnKind, ColumnSpec, Resource, TableSpec } from "../src/tables/table-spec.ts";

export type { ChildSpec, ColumnSpec };

/** What is kept, and the operation whose response is the whole of it. */
const RESOURCES: Record<Resource, { operation: string; isRow: boolean; owner: string }> = {
  customers: { operation: "customers_get", isRow: false, owner: "customer_id" },
  subscriptions: { operation: "subscriptions_get", isRow: false, owner: "subscription_id" },
  orders: { operation: "orders_get", isRow: false, owner: "order_id" },
  products: { operation: "products_list", isRow: true, owner: "product_id" },
  reports: { operation: "reports_list", isRow: true, owner: "report_id" },
};

/** Members that are kept nowhere: whoever has a report's link can read, overwrite and delete the file (REP-02). */
const SECRETS = new Set(["downloadUrl"]);

/** The pattern by which the document says that a text is a decimal number. */
const DECIMAL = String.raw`^-?\d+(\.\d+)?$`;

const snake = (name: string) =>
  name
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, "$1_$2")
    .toLowerCase();

const joined = (...parts: string[]) => parts.filter(Boolean).join("_");

/** The patterns of a schema and of its alternatives. */
const patternsOf = (document: Document, node: Reference<Schema>): unknown[] => {
  const schema = mergedSchema(document, node);
  const alternatives = "$ref" in node ? [] : [...(node.anyOf ?? []), ...(node.oneOf ?? [])];
  return [schema.constraints.pattern, ...alternatives.flatMap((part) => patternsOf(document, part))];
};

/** The kind of a value that has no members. */
function kindOf(document: Document, node: Reference<Schema>, merged: MergedSchema): ColumnKind {
  const { types, formats, component } = merged;
  const isText = types.includes("string");
  if (component === "Timestamp" || formats.includes("date-time")) return "timestamp";
  if (formats.includes("date")) return "date";
  if (isText) return patternsOf(document, node).includes(DECIMAL) ? "decimal" : "text";
  if (types.includes("boolean")) return "boolean";
  if (types.includes("integer")) return "integer";
  if (types.includes("number")) return "real";
  return "json";
}

interface Parts {
  columns: ColumnSpec[];
  children: ChildSpec[];
}

/** The columns and child tables of an object's members. An object within an object gives columns with both names. */
function partsOf(
  document: Document,
  node: Reference<Schema>,
  at: { table: string; path: string[]; above: readonly (string | undefined)[] },
): Parts {
  const parts: Parts = { columns: [], children: [] };
  const { properties, component } = mergedSchema(document, node);
  const above = [...at.above, component].filter(Boolean);
  for (const [name, { schema }] of properties) {
    const merged = mergedSchema(document, schema);
    if (SECRETS.has(name) || merged.writeOnly) continue;
    const path = [...at.path, name];
    const column = joined(...path.map(snake));
    const items = merged.items && mergedSchema(document, merged.items);
    const isEntered = above.includes(merged.component) || above.includes(items?.component);
    if (!isEntered && items && items.properties.size > 0) {
      const table = joined(at.table, ...path.map(snake));
      const rows = partsOf(document, merged.items as Reference<Schema>, { table, path: [], above });
      parts.children.push({ name: table, path, ...rows });
    } else if (!isEntered && merged.properties.size > 0 && !merged.members) {
      const inner = partsOf(document, schema, { table: at.table, path, above });
      parts.columns.push(...inner.columns);
      parts.children.push(...inner.children);
    } else {
      const isPlain = !merged.items && !merged.members && merged.properties.size === 0;
      parts.columns.push({ name: column, path, kind: isPlain ? kindOf(document, schema, merged) : "json" });
    }
  }
  return parts;
}

/** The schema of one thing of a resource. */
function schemaOf(document: Document, resource: Resource): Reference<Schema> {
  const { operation: id, isRow } = RESOURCES[resource];
  const operation = operationsOf(document).find((each) => each.id === id);
  const schema = operation && responseSchema(document, operation.operation);
  const rows = isRow && schema ? mergedSchema(document, schema).properties.get("data")?.schema : undefined;
  const found = isRow ? rows && mergedSchema(document, rows).items : schema;
  if (!found) throw new Error(`The document has no response of ${id}, of which the tables of ${resource} are made.`);
  return found;
}

/** An id names a row: it stands first. */
const idFirst = (columns: readonly ColumnSpec[]) => [
  ...columns.filter(({ name }) => name === "id"),
  ...columns.filter(({ name }) => name !== "id"),
];

/** @throws {@link Error} when two columns of a table would have one name */
function checkNames(table: string, names: readonly string[]): void {
  const twice = names.find((name, place) => names.indexOf(name) !== place);
  if (twice !== undefined) throw new Error(`The table ${table} would have the column ${twice} twice.`);
}

/** @throws {@link Error} as {@link checkNames} does, also for a child table */
function checkChildren(owner: string, children: readonly ChildSpec[]): void {
  for (const { name, columns, children: inner } of children) {
    checkNames(name, [owner, "parent", "position", ...columns.map((column) => column.name)]);
    checkChildren(owner, inner);
  }
}

const singular = (name: string) => name.replace(/s$/, "");

/** The tables of every resource, from a bundled document. */
export function tablesOf(document: Document): TableSpec[] {
  return (Object.keys(RESOURCES) as Resource[]).map((name) => {
    const { owner } = RESOURCES[name];
    const at = { table: singular(name), path: [], above: [] };
    const { columns, children } = partsOf(document, schemaOf(document, name), at);
    checkNames(name, ["document", "read_at", "gone_at", ...columns.map((column) => column.name)]);
    checkChildren(owner, children);
    return { name, owner, columns: idFirst(columns), children };
  });
}

/** Writes the tables that `@imcloud/sync` keeps, from the bundle in `folder`. */
export async function tables(folder: string, output: string): Promise<void> {
  const document: Document = JSON.parse(await readFile(join(folder, "openapi.json"), "utf8"));
  const source = [
    "// Made by packages/sync/generate/tables.ts from the document. Change the document, not this file.",
    'import type { TableSpec } from "../tables/table-spec.ts";',
    "",
    "/** The tables of every resource that is kept. */",
    `export const tableSpecs: readonly TableSpec[] = ${JSON.stringify(tablesOf(document))};`,
    "",
  ].join("\n");
  await mkdir(dirname(output), { recursive: true });
  await writeFile(output, source);
}
