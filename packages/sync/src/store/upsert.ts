import type { SqlValue } from "@imcloud/sql";
import type { Dialect, Query } from "../database/database.ts";

/** A row of a table, by the names of its columns. */
export interface Upsert {
  table: string;
  /** The columns of the primary key. */
  key: readonly string[];
  row: Readonly<Record<string, SqlValue>>;
  /**
   * The expression of a column's parameter.
   * @defaultValue the parameter as it is
   */
  parameterOf?(name: string, place: number): string;
}

/** Writes a row: in place of the one with its key, or as a new one. */
export async function upsert(
  query: Query,
  { updatesFirst }: Dialect,
  { table, key, row, parameterOf = (_, place) => `$${place}` }: Upsert,
): Promise<void> {
  const names = Object.keys(row);
  const parameters = new Map(names.map((name, index) => [name, parameterOf(name, index + 1)]));
  const changed = names.filter((name) => !key.includes(name));
  const insert = `INSERT INTO ${table} (${names.join(", ")}) VALUES (${[...parameters.values()].join(", ")})`;
  const values = Object.values(row);
  if (!updatesFirst) {
    const changes = changed.map((name) => `${name} = excluded.${name}`);
    await query(`${insert} ON CONFLICT (${key.join(", ")}) DO UPDATE SET ${changes.join(", ")}`, values);
    return;
  }
  const changes = changed.map((name) => `${name} = ${parameters.get(name)}`);
  const isIt = key.map((name) => `${name} = ${parameters.get(name)}`);
  const update = `UPDATE ${table} SET ${changes.join(", ")} WHERE ${isIt.join(" AND ")} RETURNING ${key[0]}`;
  if ((await query(update, values)).length === 0) await query(insert, values);
}
