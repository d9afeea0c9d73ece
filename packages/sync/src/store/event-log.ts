import type { Dialect, Query } from "../database/database.ts";
import type { Resource } from "../tables/table-spec.ts";
import { jsonOf } from "../tables/values.ts";
import { fromJson } from "./documents.ts";
import type { IsKept, State } from "./state.ts";

/** A stored change. */
export interface LoggedEvent {
  /** Stays the same however often the change is found or read. */
  id: string;
  type: string;
  resource: Resource;
  resourceId: string;
  /** When the sync saw it. */
  seenAt: string;
  /** The properties that depend on the event's type. */
  content: object;
}

/** The stored changes, in order. */
export interface EventLog {
  append(events: readonly LoggedEvent[]): Promise<void>;
  /** Events after a position, each with its own position. */
  after(position: number, limit: number): Promise<{ position: number; event: LoggedEvent }[]>;
  /** The position of the last event ever written; 0 when there was none. */
  last(): Promise<number>;
  /** The position before the first event at or after a time; the last position when there is none. */
  positionAt(time: Date): Promise<number>;
}

/** The prefix of the names under which the state keeps the position of each consumer. */
export const CONSUMER = "consumer:";
const LAST = "last-event";

/** Whether a value can be a position of an event. */
export const isPosition: IsKept<number> = (value): value is number => Number.isSafeInteger(value) && Number(value) >= 0;

/** Reads and writes the table of events. */
export function eventLogOf(query: Query, dialect: Dialect, prefix: string, state: State): EventLog {
  const table = `${prefix}events`;

  /** Correct even after events were deleted, so that a consumer's position stays valid. */
  async function lastPosition(): Promise<number> {
    const [row] = await query(`SELECT COALESCE(MAX(position), 0) AS position FROM ${table}`);
    const kept = (await state.read(LAST, isPosition)) ?? 0;
    return Math.max(Number(row?.position), kept, ...(await state.readAll(CONSUMER, isPosition)));
  }

  return {
    last: lastPosition,
    async append(events) {
      if (events.length === 0) return;
      const last = await lastPosition();
      for (const [index, { id, type, resource, resourceId, seenAt, content }] of events.entries()) {
        const [moment, json] = [dialect.parameter("timestamp", 6), dialect.parameter("json", 7)];
        await query(
          `INSERT INTO ${table} (position, id, type, resource, resource_id, seen_at, event)
           VALUES ($1, $2, $3, $4, $5, ${moment}, ${json})`,
          [last + 1 + index, id, type, resource, resourceId, seenAt, jsonOf({ seenAt, ...content })],
        );
      }
      await state.write(LAST, last + events.length);
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
        // Details that are requested in parallel arrive in any order, so an earlier time can have a later position.
        `SELECT MIN(position) - 1 AS position FROM ${table} WHERE seen_at >= ${moment}`,
        [time.toISOString()],
      );
      const before = row?.position ?? undefined;
      return before === undefined ? lastPosition() : Number(before);
    },
  };
}
