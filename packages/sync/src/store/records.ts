import type { Dialect, Query } from "../database/database.ts";
import type { Resource } from "../tables/table-spec.ts";
import { upsert } from "./upsert.ts";

/** What a sync knows of a resource besides its content. */
export interface SyncRecord {
  resource: Resource;
  id: string;
  /** The list row when it was last read. */
  listRow: string;
  /** Within a priority, the lowest is read first: the newest scan, and within it the top of the list. */
  rank: number;
  /** The scan that found it first. */
  added: number;
  /** The scan that found it last. */
  seen: number;
  /** Its details are queued for reading. */
  isDue: boolean;
  /** In the queue, the lowest is read first. */
  priority: number;
  /** It is to be reported as new when its details are there. */
  announce: boolean;
  /** Incremented with each reported change. */
  version: number;
  /** Its status, unless that is final. */
  openStatus: string | undefined;
  /** When its details were last read. */
  readAt: Date | undefined;
}

/** Reads and writes the records of a sync. */
export interface Records {
  get(resource: Resource, id: string): Promise<SyncRecord | undefined>;
  put(record: SyncRecord): Promise<void>;
  /** The next entries of the queue. */
  due(resources: readonly Resource[], limit: number): Promise<{ resource: Resource; id: string; priority: number }[]>;
  countDue(): Promise<Map<Resource, number>>;
  /** What the last scan did not find, without what was gone before. */
  unseenSince(resource: Resource, scan: number): Promise<string[]>;
  /** The open statuses, each with its number of resources and how many of them a scan did not find. */
  open(resource: Resource, scan: number): Promise<{ status: string; count: number; unseen: number }[]>;
  /** The open resources of a status that a scan did not find. */
  openUnseen(resource: Resource, status: string, scan: number): Promise<string[]>;
  /** How many were known before a scan and are not gone. */
  countBefore(resource: Resource, scan: number): Promise<number>;
}

const fromRow = (row: Record<string, unknown>): SyncRecord => ({
  resource: row.resource as Resource,
  id: String(row.id),
  listRow: String(row.list_row),
  rank: Number(row.rank),
  added: Number(row.added),
  seen: Number(row.seen),
  isDue: Number(row.is_due) === 1,
  priority: Number(row.priority),
  announce: Number(row.announce) === 1,
  version: Number(row.version),
  openStatus: row.open_status === null ? undefined : String(row.open_status),
  readAt: row.read_at === null ? undefined : new Date(String(row.read_at)),
});

const toRow = ({ resource, id, listRow, rank, added, seen, isDue, priority, announce, ...rest }: SyncRecord) => ({
  ...{ resource, id, list_row: listRow, rank, added, seen, is_due: Number(isDue), priority },
  ...{ announce: Number(announce), version: rest.version, open_status: rest.openStatus ?? null },
  read_at: rest.readAt?.toISOString() ?? null,
});

/** The scan number of what is gone, so that no scan reports it as missing. */
export const GONE: number = Number.MAX_SAFE_INTEGER;

/** Reads and writes the table of records. */
export function recordsOf(query: Query, dialect: Dialect, prefix: string): Records {
  const table = `${prefix}sync_records`;
  return {
    async get(resource, id) {
      const [row] = await query(`SELECT * FROM ${table} WHERE resource = $1 AND id = $2`, [resource, id]);
      return row && fromRow(row);
    },
    put: (record) => upsert(query, dialect, { table, key: ["resource", "id"], row: toRow(record) }),
    async due(resources, limit) {
      const names = resources.map((_, index) => `$${index + 1}`).join(", ");
      const rows = await query(
        `SELECT resource, id, priority FROM ${table} WHERE is_due = 1 AND resource IN (${names})
         ORDER BY priority, rank LIMIT ${limit}`,
        resources,
      );
      return rows.map(({ resource, id, priority }) => ({
        resource: resource as Resource,
        id: String(id),
        priority: Number(priority),
      }));
    },
    async countDue() {
      const rows = await query(`SELECT resource, COUNT(*) AS count FROM ${table} WHERE is_due = 1 GROUP BY resource`);
      return new Map(rows.map(({ resource, count }) => [resource as Resource, Number(count)]));
    },
    async unseenSince(resource, scan) {
      const rows = await query(`SELECT id FROM ${table} WHERE resource = $1 AND seen < $2 ORDER BY rank`, [
        resource,
        scan,
      ]);
      return rows.map(({ id }) => String(id));
    },
    async open(resource, scan) {
      const rows = await query(
        `SELECT open_status AS status, COUNT(*) AS count, SUM(CASE WHEN seen < $2 THEN 1 ELSE 0 END) AS unseen
         FROM ${table} WHERE resource = $1 AND open_status IS NOT NULL GROUP BY open_status ORDER BY open_status`,
        [resource, scan],
      );
      return rows.map(({ status, count, unseen }) => ({
        status: String(status),
        count: Number(count),
        unseen: Number(unseen),
      }));
    },
    async openUnseen(resource, status, scan) {
      const rows = await query(
        `SELECT id FROM ${table} WHERE resource = $1 AND open_status = $2 AND seen < $3 ORDER BY rank`,
        [resource, status, scan],
      );
      return rows.map(({ id }) => String(id));
    },
    async countBefore(resource, scan) {
      const [row] = await query(
        `SELECT COUNT(*) AS count FROM ${table} WHERE resource = $1 AND added < $2 AND seen <> $3`,
        [resource, scan, GONE],
      );
      return Number(row?.count);
    },
  };
}
