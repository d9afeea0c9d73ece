import type { Dialect, Query } from "../database/database.ts";
import type { Resource } from "../tables/table-spec.ts";
import { jsonOf } from "../tables/values.ts";
import { fromJson } from "./documents.ts";
import type { IsKept, State } from "./state.ts";

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
  /** The position of the last event that there ever was; 0 where there was none. */
  last(): Promise<number>;
  /** The position before the first event that was seen at a time or later; that of the last event where there is none. */
  positionAt(time: Date): Promise<number>;
}

/** What names of consumers begin with, under which the state keeps how far they are. */
export const CONSUMER = "consumer:";
const LAST = "last-event";

/** Whether a value is a place among the events. */
export const isPosition: IsKept<number> = (value): value is number => Number.isSafeInteger(value) && Number(value) >= 0;

/** The events in their table. */
export function eventLogOf(query: Query, dialect: Dialect, prefix: string, state: State): EventLog {
  const table = `${prefix}events`;

  /** Also where the events were deleted: who has read up to a place waits for what comes after it. */
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
        // Details that were asked for at once arrive in any order, so that an earlier one can stand behind a later one.
        `SELECT MIN(position) - 1 AS position FROM ${table} WHERE seen_at >= ${moment}`,
        [time.toISOString()],
      );
      const before = row?.position ?? undefined;
      return before === undefined ? lastPosition() : Number(before);
    },
  };
}
