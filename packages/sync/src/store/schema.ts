import { createHash } from "node:crypto";
import { type Database, type Query, SyncError } from "../database/database.ts";
import { tableSpecs } from "../generated/tables.ts";
import type { ChildSpec, ColumnKind, TableSpec } from "../tables/table-spec.ts";

/** Columns of every resource's table besides those of the API's response. */
const BESIDE: Readonly<Record<string, ColumnKind>> = { document: "json", read_at: "timestamp", gone_at: "timestamp" };

/** Columns of the response that get an index. */
export const INDEXED: readonly string[] = ["customer_id", "subscription_id", "status"];

/** The definition of a table. */
export interface Table {
  /** With the prefix. */
  name: string;
  columns: Readonly<Record<string, ColumnKind>>;
  primaryKey?: string;
  /** Columns that get an index. */
  indexes?: readonly string[];
}

const kinds = (columns: TableSpec["columns"]) => Object.fromEntries(columns.map(({ name, kind }) => [name, kind]));

function childTables(prefix: string, owner: string, { name, columns, children }: ChildSpec): Table[] {
  const table: Table = {
    name: prefix + name,
    // For a list inside another list, `parent` is the position of the row that it belongs to.
    columns: { [owner]: "text", parent: "text", position: "integer", ...kinds(columns) },
    indexes: [owner],
  };
  return [table, ...children.flatMap((child) => childTables(prefix, owner, child))];
}

/** The tables that are generated from the API's schemas. */
export const documentTables = (prefix: string): Table[] =>
  tableSpecs.flatMap(({ name, owner, columns, children }) => [
    {
      name: prefix + name,
      columns: { ...kinds(columns), ...BESIDE },
      primaryKey: "id",
      indexes: INDEXED.filter((each) => columns.some((column) => column.name === each)),
    },
    ...children.flatMap((child) => childTables(prefix, owner, child)),
  ]);

/** The columns of each table that can be filled anew from the stored JSON. */
function filledColumns(prefix: string): Map<string, Set<string>> {
  const filled = new Map<string, Set<string>>();
  const collect = ({ name, columns, children }: Pick<ChildSpec, "name" | "columns" | "children">): void => {
    filled.set(prefix + name, new Set(columns.map((column) => column.name)));
    children.forEach(collect);
  };
  tableSpecs.forEach(collect);
  return filled;
}

/** The tables in which a sync keeps its progress and its events. */
const ownTables = (prefix: string): Table[] => [
  { name: `${prefix}sync_state`, columns: { name: "text", value: "text" }, primaryKey: "name" },
  {
    name: `${prefix}sync_records`,
    columns: {
      ...{ resource: "text", id: "text", list_row: "text", rank: "integer", added: "integer", seen: "integer" },
      ...{ is_due: "integer", priority: "integer", announce: "integer", version: "integer", open_status: "text" },
      read_at: "text",
    },
    primaryKey: "resource, id",
    indexes: ["is_due, priority, rank", "resource, open_status"],
  },
  {
    name: `${prefix}events`,
    columns: {
      ...{ position: "integer", id: "text", type: "text", resource: "text", resource_id: "text" },
      ...{ seen_at: "timestamp", event: "json" },
    },
    primaryKey: "position",
  },
];

const indexNames = ({ name, indexes = [] }: Table): string[] => indexes.map((_, place) => `${name}_by_${place + 1}`);

async function createTable({ dialect }: Database, query: Query, table: Table): Promise<void> {
  const columns = Object.entries(table.columns).map(([name, kind]) => `${name} ${dialect.types[kind]}`);
  const key = table.primaryKey ? [`PRIMARY KEY (${table.primaryKey})`] : [];
  await query(`CREATE TABLE ${table.name} (${[...columns, ...key].join(", ")})`);
  if (!dialect.hasIndexes) return;
  const names = indexNames(table);
  for (const [place, index] of (table.indexes ?? []).entries()) {
    await query(`CREATE INDEX ${names[place]} ON ${table.name} (${index})`);
  }
}

/** A type in one form, whoever writes it. */
const plainType = (type: string): string =>
  type.toUpperCase().replace("TIMESTAMP WITH TIME ZONE", "TIMESTAMPTZ").replaceAll(" ", "");

/**
 * The columns that have the type of another kind, as an older API document had another for them, by their tables. A type that no sync gives
 * is the user's. What has a key or an index is an id or a status, which is a text in each document.
 */
function retypedColumns({ dialect }: Database, tables: readonly Table[], prefix: string, there: Catalog) {
  const known = new Set(Object.values(dialect.types).map(plainType));
  const filled = filledColumns(prefix);
  const retyped = new Map<string, string[]>();
  for (const { name, columns, primaryKey, indexes = [] } of tables) {
    const found = Object.entries(columns).flatMap(([column, kind]) => {
      const type = plainType(there.get(name)?.columns.get(column) ?? "");
      const isFree = filled.get(name)?.has(column) && column !== primaryKey && !indexes.includes(column);
      return isFree && known.has(type) && type !== plainType(dialect.types[kind]) ? [column] : [];
    });
    if (found.length > 0) retyped.set(name, found);
  }
  return retyped;
}

/** Says what of the user's keeps something from being made anew. */
const madeAnew =
  (what: string) =>
  (error: Error): never => {
    const { detail = error.message } = (error.cause ?? {}) as { detail?: string };
    throw new SyncError(
      `${what} has to be recreated, but something of yours depends on it: ${detail}. Drop that, run the sync, and create it again.`,
      { cause: error },
    );
  };

/** Drops the columns that get another type. They are added as new ones then. */
async function dropColumns(query: Query, columns: ReadonlyMap<string, string[]>, there: Catalog): Promise<void> {
  for (const [table, names] of columns) {
    for (const name of names) {
      await query(`ALTER TABLE ${table} DROP COLUMN ${name}`).catch(madeAnew(`The column ${name} of ${table}`));
      there.get(table)?.columns.delete(name);
    }
  }
}

/** Adds the columns that a newer API document has. */
async function addColumns({ dialect }: Database, query: Query, table: Table, there: Catalog): Promise<boolean> {
  const columns = there.get(table.name)?.columns;
  const missing = Object.entries(table.columns).filter(([name]) => !columns?.has(name));
  for (const [name, kind] of missing)
    await query(`ALTER TABLE ${table.name} ADD COLUMN ${name} ${dialect.types[kind]}`);
  return missing.length > 0;
}

/** A hash of a JSON value. */
const hashOf = (what: unknown): string => createHash("sha256").update(JSON.stringify(what)).digest("base64url");

/** What each view selects, keyed by its name without the prefix. */
export type Views = Readonly<Record<string, string>>;

/** The stored version of tables and views. */
export interface Schema {
  /** Version of the tables that are not generated from the API's schemas. */
  layout: number;
  /** A hash of the whole definition. When it is unchanged, there is nothing to migrate. */
  mark: string;
  /** A hash of the generated tables. Earlier versions stored none. */
  tables?: string | undefined;
  /** A hash of each view that was created, keyed by its name without the prefix. */
  views: Readonly<Record<string, string>>;
}

/** The schema that this version of the package creates. */
export const schemaOf = (layout: number, prefix: string, views: Views): Schema => ({
  layout,
  mark: hashOf([ownTables(prefix), documentTables(prefix), views]),
  tables: hashOf(documentTables(prefix)),
  views: Object.fromEntries(Object.entries(views).map(([name, select]) => [name, hashOf(select)])),
});

/** Columns that identify a table as the sync's own: they do not come from the API document and never change. */
function columnsOfOwn(table: Table, own: readonly string[]): string[] {
  if (own.includes(table.name)) return Object.keys(table.columns).slice(0, 2);
  return table.primaryKey ? ["id", ...Object.keys(BESIDE)] : [...(table.indexes ?? []), "parent", "position"];
}

/** The error for a name that the sync needs and something else already has. */
const foreign = (kind: string, name: string): SyncError =>
  new SyncError(`${name} is a ${kind} that no sync made. Rename it, or give the sync's tables another prefix.`);

/** What exists in the database, by its name, with the types of its columns. */
type Catalog = ReadonlyMap<string, { kind: string; columns: Map<string, string> }>;

/** Reads what has one of some names. */
async function readCatalog({ dialect }: Database, query: Query, names: readonly string[]): Promise<Catalog> {
  const rows = await query(dialect.catalog(names.map((_, index) => `$${index + 1}`)), names);
  const there = new Map<string, { kind: string; columns: Map<string, string> }>();
  for (const { name, kind, column_name, column_type } of rows) {
    const known = there.get(String(name)) ?? { kind: String(kind), columns: new Map<string, string>() };
    there.set(String(name), known);
    known.columns.set(String(column_name), String(column_type));
  }
  return there;
}

/**
 * Whether a table exists and is the sync's own.
 * @throws {@link SyncError} when something else has its name, or the name of one of its indexes
 */
function isTableThere(there: Catalog, table: Table, own: readonly string[]): boolean {
  const found = there.get(table.name);
  if (!found) {
    for (const name of indexNames(table)) {
      const other = there.get(name);
      if (other) throw foreign(other.kind, name);
    }
    return false;
  }
  const isOwn = found.kind === "table" && columnsOfOwn(table, own).every((name) => found.columns.has(name));
  if (!isOwn) throw foreign(found.kind, table.name);
  return true;
}

/**
 * Whether the sync's tables exist.
 * @throws {@link SyncError} when something else has the name of the first one
 */
export async function hasTables(database: Database, query: Query, prefix: string): Promise<boolean> {
  const names = ownTables(prefix).map(({ name }) => name);
  const first = ownTables(prefix)[0] as Table;
  return isTableThere(await readCatalog(database, query, [first.name]), first, names);
}

/**
 * Creates the missing tables, and adds the columns that a newer API document has.
 * @param dropViews called before a column gets another type, which a view would prevent
 * @returns whether existing tables got columns, which are then to be filled from the stored JSON
 * @throws {@link SyncError} when something else has the name of one of them
 */
export async function createTables(
  database: Database,
  query: Query,
  prefix: string,
  dropViews: () => Promise<void>,
): Promise<boolean> {
  const own = ownTables(prefix);
  const names = own.map(({ name }) => name);
  const tables = [...own, ...documentTables(prefix)];
  const indexes = database.dialect.hasIndexes ? tables.flatMap(indexNames) : [];
  const there = await readCatalog(database, query, [...tables.map(({ name }) => name), ...indexes]);
  const isThere = there.has(own[0]?.name as string);
  // Nothing of somebody else's is touched.
  for (const table of tables) isTableThere(there, table, names);
  const retyped = retypedColumns(database, tables, prefix, there);
  // A view prevents that its columns are dropped.
  if (retyped.size > 0) await dropViews();
  await dropColumns(query, retyped, there);
  let isGrown = false;
  for (const table of tables) {
    if (isTableThere(there, table, names)) {
      // If the first table is missing, the others cannot be the sync's own.
      if (!isThere) throw foreign("table", table.name);
      if (await addColumns(database, query, table, there)) isGrown = true;
    } else {
      await createTable(database, query, table);
      isGrown ||= isThere;
    }
  }
  return isGrown;
}

/**
 * Drops a view.
 * @returns statements that grant again what others may do with it
 */
async function dropView({ dialect }: Database, query: Query, view: string): Promise<string[]> {
  const granted = dialect.grants ? await query(dialect.grants, [view]) : [];
  await query(`DROP VIEW ${view}`).catch(madeAnew(`The view ${view}`));
  return granted.map(({ statement }) => String(statement));
}

/**
 * Drops the sync's own views.
 * @param made hashes of the views that exist
 * @returns statements that grant again what others may do with those that will be made anew
 */
export async function dropViews(
  database: Database,
  query: Query,
  { prefix, views, made }: { prefix: string; views: Views; made: Schema["views"] },
): Promise<string[]> {
  const there = await readCatalog(
    database,
    query,
    Object.keys(views).map((name) => prefix + name),
  );
  const rights: string[] = [];
  for (const name of Object.keys(views)) {
    const isOwn = there.get(prefix + name)?.kind === "view" && made[name] !== undefined;
    if (isOwn) rights.push(...(await dropView(database, query, prefix + name)));
  }
  return rights;
}

/**
 * Creates the views that are missing or whose definition has changed.
 * @param made hashes of the views that exist
 * @throws {@link SyncError} when something else has the name of one, or a view of the user selects from one that has to be recreated
 */
export async function createViews(
  database: Database,
  query: Query,
  { prefix, views, made }: { prefix: string; views: Views; made: Schema["views"] },
): Promise<void> {
  const names = Object.keys(views).map((name) => prefix + name);
  const there = await readCatalog(database, query, names);
  for (const [name, select] of Object.entries(views)) {
    const view = prefix + name;
    const kind = there.get(view)?.kind;
    if (kind !== undefined && (kind !== "view" || made[name] === undefined)) throw foreign(kind, view);
    if (kind !== undefined && made[name] === hashOf(select)) continue;
    const rights = kind === undefined ? [] : await dropView(database, query, view);
    await query(`CREATE VIEW ${view} AS ${select}`);
    for (const right of rights) await query(right);
  }
}
