import type { Query } from "../database/database.ts";

/** What is kept under a name, as JSON. */
export interface State {
  read<T>(name: string): Promise<T | undefined>;
  write(name: string, value: unknown): Promise<void>;
}

/** The state of a sync, in its table. */
export const stateOf = (query: Query, prefix: string): State => ({
  async read(name) {
    const [row] = await query(`SELECT value FROM ${prefix}sync_state WHERE name = $1`, [name]);
    return row && JSON.parse(String(row.value));
  },
  async write(name, value) {
    await query(
      `INSERT INTO ${prefix}sync_state (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
      [name, JSON.stringify(value)],
    );
  },
});
