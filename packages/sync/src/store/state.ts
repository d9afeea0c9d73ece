import { type Query, SyncError } from "../database/database.ts";

/** Whether what was kept is what this package keeps under a name. */
export type IsKept<T> = (value: unknown) => value is T;

/** What is kept under a name, as JSON. */
export interface State {
  /** @throws {@link SyncError} when something else was written there */
  read<T>(name: string, isKept: IsKept<T>): Promise<T | undefined>;
  write(name: string, value: unknown): Promise<void>;
  /** All that is kept under names with a beginning. */
  readAll<T>(beginning: string, isKept: IsKept<T>): Promise<T[]>;
}

/** Whether a value is an object with some members of some kinds; others may be beside them. */
export const isRecordOf =
  <T extends object>(kinds: Partial<Record<keyof T & string, "string" | "number" | "boolean" | "object">>): IsKept<T> =>
  (value): value is T =>
    typeof value === "object" &&
    value !== null &&
    Object.entries(kinds).every(([name, kind]) => {
      const member: unknown = (value as Record<string, unknown>)[name];
      return typeof member === kind && member !== null;
    });

/** The state of a sync, in its table. */
export function stateOf(query: Query, prefix: string): State {
  const table = `${prefix}sync_state`;

  function parsed<T>({ name, value }: Record<string, unknown>, isKept: IsKept<T>): T {
    let found: unknown;
    try {
      found = JSON.parse(String(value));
    } catch {
      // Said below, without what it holds.
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
