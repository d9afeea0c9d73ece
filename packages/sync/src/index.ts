export { SyncError } from "./database/database.ts";
export type { PostgresClient, PostgresPool } from "./database/postgres.ts";
export { type ChangesOptions, changes } from "./events/changes.ts";
export type { ChangeEvent, ChangeEventType, SeatsChange } from "./events/event.ts";
export type { SyncFailure } from "./run/context.ts";
export { type SyncOptions, type SyncProgress, type SyncResult, sync } from "./run/sync.ts";
export type { SyncStore } from "./store/store.ts";
export type { Resource } from "./tables/table-spec.ts";
export { postgresTables, sqliteTables, type TablesOptions } from "./tables.ts";
