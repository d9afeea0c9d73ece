import { createHash } from "node:crypto";
import { type Database, type Query, SyncError } from "../database/database.ts";
import { tableSpecs } from "../generated/tables.ts";
import type { ChildSpec, ColumnKind, TableSpec } from "../tables/table-spec.ts";

/** Columns of every resource's table besides those of the document. */
const BESIDE: Readonly<Record<string, ColumnKind>> = { document: "json", read_at: "timestamp", gone_at: "timestamp" };

/** Columns of the document that rows are found by. */
export const INDEXED: readonly string[] = ["customer_id", "subscription_id", "status"];

/** A table as it is to be. */
export interface Table {
  /** With the prefix. */
  name: string;
  columns: Readonly<Record<string, ColumnKind>>;
  primaryKey?: string;
  /** Columns that rows are found by. */
  indexes?: readonly string[];
}

const kinds = (columns: TableSpec["columns"]) => Object.fromEntries(columns.map(({ name, kind }) => [name, kind]));

function childTables(prefix: string, owner: string, { name, columns, children }: ChildSpec): Table[] {
  const table: Table = {
    name: prefix + name,
    // Where a list is in another one, `parent` is the place of what it belongs to.
    columns: { [owner]: "text", parent: "text", position: "integer", ...kinds(columns) },
    indexes: [owner],
  };
  return [table, ...children.flatMap((child) => childTables(prefix, owner, child))];
}

/** The tables that the document's schemas make. */
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

/** The tables in which a sync keeps how far it is, and what it found. */
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

/** Adds the columns that a newer document has. */
async function addColumns(database: Database, query: Query, table: Table): Promise<boolean> {
  const { dialect } = database;
  const there = await columnsThere(database, query, table.name);
  const missing = Object.entries(table.columns).filter(([name]) => !there.has(name));
  for (const [name, kind] of missing)
    await query(`ALTER TABLE ${table.name} ADD COLUMN ${name} ${dialect.types[kind]}`);
  return missing.length > 0;
}

/** A short text that is another one where what it is made of is. */
const markOf = (what: unknown): string => createHash("sha256").update(JSON.stringify(what)).digest("base64url");

/** Views by their names without the prefix: what each selects. */
export type Views = Readonly<Record<string, string>>;

/** What tables and views there are. */
export interface Schema {
  /** Version of what this package keeps beside the document's tables. */
  layout: number;
  /** Of all that is to be, by which it is known that nothing is to be done. */
  mark: string;
  /** A mark of each view that was made, by its name without the prefix. */
  views: Readonly<Record<string, string>>;
}

/** The schema that this package makes. */
export const schemaOf = (layout: number, prefix: string, views: Views): Schema => ({
  layout,
  mark: markOf([ownTables(prefix), documentTables(prefix), views]),
  views: Object.fromEntries(Object.entries(views).map(([name, select]) => [name, markOf(select)])),
});

/** Columns without which a table is none of a sync's: they are no part of the document, and never change. */
function columnsOfOwn(table: Table, own: readonly string[]): string[] {
  if (own.includes(table.name)) return Object.keys(table.columns).slice(0, 2);
  return table.primaryKey ? ["id", ...Object.keys(BESIDE)] : [...(table.indexes ?? []), "parent", "position"];
}

/** What has a name that a sync needs, and is none of its own. */
const foreign = (kind: string, name: string): SyncError =>
  new SyncError(`${name} is a ${kind} that no sync made. Rename it, or give the sync's tables another prefix.`);

const kindOfName = async ({ dialect }: Database, query: Query, name: string): Promise<string | undefined> => {
  const [row] = await query(dialect.kindOfName, [name]);
  return row && String(row.kind);
};

const columnsThere = async ({ dialect }: Database, query: Query, table: string): Promise<Set<string>> =>
  new Set((await query(dialect.columnNames, [table])).map(({ name }) => String(name)));

/** @throws {@link SyncError} when something else has one of the names */
async function checkFree(database: Database, query: Query, names: readonly string[]): Promise<void> {
  for (const name of names) {
    const kind = await kindOfName(database, query, name);
    if (kind !== undefined) throw foreign(kind, name);
  }
}

/**
 * Whether a table is there, and is a sync's.
 * @throws {@link SyncError} when something else has its name, or the name of one of its indexes
 */
async function isTableThere(database: Database, query: Query, table: Table, own: readonly string[]): Promise<boolean> {
  const kind = await kindOfName(database, query, table.name);
  if (kind === undefined) {
    if (database.dialect.hasIndexes) await checkFree(database, query, indexNames(table));
    return false;
  }
  const there = kind === "table" ? await columnsThere(database, query, table.name) : new Set();
  if (!columnsOfOwn(table, own).every((name) => there.has(name))) throw foreign(kind, table.name);
  return true;
}

/**
 * Whether a sync's tables are there.
 * @throws {@link SyncError} when something else has the name of the first of them
 */
export function hasTables(database: Database, query: Query, prefix: string): Promise<boolean> {
  const own = ownTables(prefix);
  return isTableThere(
    database,
    query,
    own[0] as Table,
    own.map(({ name }) => name),
  );
}

/**
 * Makes the tables, where they are missing or of an older document.
 * @returns whether tables that were there got columns, which are to be filled from the JSON beside them
 * @throws {@link SyncError} when something else has the name of one of them
 */
export async function createTables(database: Database, query: Query, prefix: string): Promise<boolean> {
  const isThere = await hasTables(database, query, prefix);
  const own = ownTables(prefix);
  const names = own.map(({ name }) => name);
  let isGrown = false;
  for (const table of [...own, ...documentTables(prefix)]) {
    if (await isTableThere(database, query, table, names)) {
      // Without the first table, nobody knows whose the others are.
      if (!isThere) throw foreign("table", table.name);
      if (await addColumns(database, query, table)) isGrown = true;
    } else {
      await createTable(database, query, table);
      isGrown ||= isThere;
    }
  }
  return isGrown;
}

/**
 * Makes the views that are missing, or select something else than this package's.
 * @param made marks of those that were made
 * @throws {@link SyncError} when something else has the name of one, or a view of the user's selects from one that is to be made anew
 */
export async function createViews(
  database: Database,
  query: Query,
  { prefix, views, made }: { prefix: string; views: Views; made: Schema["views"] },
): Promise<void> {
  for (const [name, select] of Object.entries(views)) {
    const view = prefix + name;
    const kind = await kindOfName(database, query, view);
    if (kind !== undefined && (kind !== "view" || made[name] === undefined)) throw foreign(kind, view);
    if (kind !== undefined && made[name] === markOf(select)) continue;
    await query(`DROP VIEW IF EXISTS ${view}`).catch((error: Error) => {
      const { detail = error.message } = (error.cause ?? {}) as { detail?: string };
      throw new SyncError(
        `The view ${view} has to be recreated, but something of yours depends on it: ${detail}. Drop that, run the sync, and create it again.`,
        { cause: error },
      );
    });
    await query(`CREATE VIEW ${view} AS ${select}`);
  }
}
