/** The kind of a column, whatever an engine calls it. */
export type ColumnKind = "text" | "integer" | "decimal" | "real" | "boolean" | "date" | "timestamp" | "json";

/** A column of a table, and the member of the API's response that it holds. */
export interface ColumnSpec {
  name: string;
  /** Names of members, from the object that is the row on: `["total", "amount"]`. */
  path: readonly string[];
  kind: ColumnKind;
}

/** A list inside of a response, each of whose elements is a row of its own. */
export interface ChildSpec {
  /** Name of the table, without the prefix. */
  name: string;
  /** Where the list stands in the object that the rows are children of. */
  path: readonly string[];
  columns: readonly ColumnSpec[];
  children: readonly ChildSpec[];
}

/** A resource that is kept. */
export type Resource = "customers" | "subscriptions" | "orders" | "products" | "reports";

/** The tables of a resource: one row for each thing, and the lists in it. */
export interface TableSpec {
  /** Name of the table, without the prefix. */
  name: Resource;
  /** The column by which the rows of children name what they are of, for example `order_id`. */
  owner: string;
  columns: readonly ColumnSpec[];
  children: readonly ChildSpec[];
}
