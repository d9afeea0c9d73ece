import { type Query, SyncError } from "../database/database.ts";

/** Checks that a stored value has the expected type. */
export type IsKept<T> = (value: unknown) => value is T;

/** Named values, stored as JSON. */
export interface State {
  /** @throws {@link SyncError} when the stored value does not have the expected type */
  read<T>(name: string, isKept: IsKept<T>): Promise<T | undefined>;
  write(name: string, value: unknown): Promise<void>;
  /** All values whose names have a prefix. */
  readAll<T>(beginning: string, isKept: IsKept<T>): Promise<T[]>;
}

/** Makes a check that a value is an object with certain properties of certain types; it may have others. */
export const isRecordOf =
  <T extends object>(kinds: Partial<Record<keyof T & string, "string" | "number" | "boolean" | "object">>): IsKept<T> =>
  (value): value is T =>
    typeof value === "object" &&
    value !== null &&
    Object.entries(kinds).every(([name, kind]) => {
      const member: unknown = (value as Record<string, unknown>)[name];
      return typeof member === kind && member !== null;
    });

/** Reads and writes the table of a sync's state. */
export function stateOf(query: Query, prefix: string): State {
  const table = `${prefix}sync_state`;

  function parsed<T>({ name, value }: Record<string, unknown>, isKept: IsKept<T>): T {
    let found: unknown;
    try {
      found = JSON.parse(String(value));
    } catch {
      // Reported below, without the stored value.
    }
    if (isKept(found)) return found;
    throw new SyncError(
      `The row ${JSON.stringify(name)} of ${table} was not written by a sync. Restore the tables, or delete that row to start it over.`,
    );
  }

  return {
    async read(name, isKept) {
      const [row] = await query(`SELECT name, value FROM ${table} WHERE name = $1`, [name]);
      return row && parsed(row, isKept);
    },
    async write(name, value) {
      await query(
        `INSERT INTO ${table} (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
        [name, JSON.stringify(value)],
      );
    },
    async readAll(beginning, isKept) {
      const rows = await query(`SELECT name, value FROM ${table} WHERE substr(name, 1, ${beginning.length}) = $1`, [
        beginning,
      ]);
      return rows.map((row) => parsed(row, isKept));
    },
  };
}
