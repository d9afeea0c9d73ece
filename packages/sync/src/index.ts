export type { PostgresClient, PostgresPool } from "@imcloud/sql";
export { SyncError } from "./database/database.ts";
export { parquetTables, postgresTables, sqliteTables, type TablesOptions } from "./engines.ts";
export { type ChangesOptions, changes } from "./events/changes.ts";
export { CHANGE_EVENT_TYPES, type ChangeEvent, type ChangeEventType, type SeatsChange } from "./events/event.ts";
export {
  type DueOptions,
  type DueRow,
  due,
  type MarginRow,
  margins,
  type SeatsRow,
  seats,
} from "./questions/questions.ts";
export {
  type Difference,
  type DifferenceKind,
  type OrderPrices,
  type ReconciledTotal,
  type ReconcileOptions,
  type Reconciliation,
  type Remark,
  reconcile,
} from "./questions/reconcile.ts";
export type { Charged, ReportLine } from "./questions/report-lines.ts";
export type { SyncFailure } from "./run/context.ts";
export type { SyncDoubt } from "./run/doubts.ts";
export { type Accepted, type SyncOptions, type SyncProgress, type SyncResult, sync } from "./run/sync.ts";
export type { SyncStore } from "./store/store.ts";
export type { Resource } from "./tables/table-spec.ts";
