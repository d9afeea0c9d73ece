import { type Dialect, type Query, SyncError } from "../database/database.ts";
import { upsert } from "./upsert.ts";

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

/**
 * Reads and writes the table of a sync's state.
 * @param isAlone whether nobody else changes it meanwhile, as in a transaction: its few rows are then read once, all together
 */
export function stateOf(query: Query, dialect: Dialect, prefix: string, isAlone = false): State {
  const table = `${prefix}sync_state`;
  let known: Map<string, unknown> | undefined;

  async function kept(): Promise<Map<string, unknown>> {
    if (known) return known;
    const rows = await query(`SELECT name, value FROM ${table}`);
    const found = new Map(rows.map(({ name, value }) => [String(name), value]));
    if (isAlone) known = found;
    return found;
  }

  function parsed<T>([name, value]: [string, unknown], isKept: IsKept<T>): T {
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
      const all = await kept();
      return all.has(name) ? parsed([name, all.get(name)], isKept) : undefined;
    },
    async write(name, content) {
      const value = JSON.stringify(content);
      await upsert(query, dialect, { table, key: ["name"], row: { name, value } });
      known?.set(name, value);
    },
    async readAll(beginning, isKept) {
      const rows = [...(await kept())].filter(([name]) => name.startsWith(beginning));
      return rows.map((row) => parsed(row, isKept));
    },
  };
}
