/** The type of a column, independent of the engine. */
export type ColumnKind = "text" | "integer" | "decimal" | "real" | "boolean" | "date" | "timestamp" | "json";

/** A column of a table, and the property of the API's response that it holds. */
export interface ColumnSpec {
  name: string;
  /** Property names, starting at the row's object: `["total", "amount"]`. */
  path: readonly string[];
  kind: ColumnKind;
}

/** A list inside a response. Each element becomes a row in a child table. */
export interface ChildSpec {
  /** Name of the table, without the prefix. */
  name: string;
  /** The path of the list in the parent object. */
  path: readonly string[];
  columns: readonly ColumnSpec[];
  children: readonly ChildSpec[];
}

/** A synced resource. */
export type Resource = "customers" | "subscriptions" | "orders" | "products" | "reports";

/** The tables of a resource: one row each, and child tables for its lists. */
export interface TableSpec {
  /** Name of the table, without the prefix. */
  name: Resource;
  /** The column of child tables that refers to the parent, for example `order_id`. */
  owner: string;
  columns: readonly ColumnSpec[];
  children: readonly ChildSpec[];
}
