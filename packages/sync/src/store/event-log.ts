import type { Dialect, Query } from "../database/database.ts";
import type { Resource } from "../tables/table-spec.ts";
import { jsonOf } from "../tables/values.ts";
import { fromJson } from "./documents.ts";

/** Something that changed, as it is kept. */
export interface LoggedEvent {
  /** The same for the same change, however often it is read. */
  id: string;
  type: string;
  resource: Resource;
  resourceId: string;
  /** When the sync saw it. */
  seenAt: string;
  /** What depends on the type. */
  content: object;
}

/** What changed, in order. */
export interface EventLog {
  append(events: readonly LoggedEvent[]): Promise<void>;
  /** Events after a position, with theirs. */
  after(position: number, limit: number): Promise<{ position: number; event: LoggedEvent }[]>;
  /** The position before the first event that was seen at a time or later; that of the last event where there is none. */
  positionAt(time: Date): Promise<number>;
}

/** The events in their table. */
export function eventLogOf(query: Query, dialect: Dialect, prefix: string): EventLog {
  const table = `${prefix}events`;
  return {
    async append(events) {
      if (events.length === 0) return;
      const [last] = await query(`SELECT COALESCE(MAX(position), 0) AS position FROM ${table}`);
      for (const [index, { id, type, resource, resourceId, seenAt, content }] of events.entries()) {
        const [moment, json] = [dialect.parameter("timestamp", 6), dialect.parameter("json", 7)];
        await query(
          `INSERT INTO ${table} (position, id, type, resource, resource_id, seen_at, event)
           VALUES ($1, $2, $3, $4, $5, ${moment}, ${json})`,
          [Number(last?.position) + 1 + index, id, type, resource, resourceId, seenAt, jsonOf({ seenAt, ...content })],
        );
      }
    },
    async after(position, limit) {
      const rows = await query(`SELECT * FROM ${table} WHERE position > $1 ORDER BY position LIMIT ${limit}`, [
        position,
      ]);
      return rows.map((row) => {
        const { seenAt, ...content } = fromJson(row.event) as { seenAt: string };
        return {
          position: Number(row.position),
          event: {
            ...{ id: String(row.id), type: String(row.type), resource: row.resource as Resource },
            ...{ resourceId: String(row.resource_id), seenAt, content },
          },
        };
      });
    },
    async positionAt(time) {
      const moment = dialect.parameter("timestamp", 1);
      const [row] = await query(
        // Details that were asked for at once arrive in any order, so that an earlier one can stand behind a later one.
        `SELECT COALESCE(
           (SELECT MIN(position) - 1 FROM ${table} WHERE seen_at >= ${moment}),
           (SELECT MAX(position) FROM ${table}), 0) AS position`,
        [time.toISOString()],
      );
      return Number(row?.position);
    },
  };
}
