/** What a report's file holds, whatever its format. */
export interface ReportTable {
  columns: readonly string[];
  /** The values of each row, in the order of the columns. Made as they are asked for: there may be a million. */
  rows: Iterable<readonly (string | number)[]>;
}

/** The columns of a layout, in their order, each with what it says of a thing. */
export type Columns<T> = Readonly<Record<string, (thing: T) => string | number | undefined>>;

/** A row for each thing; what a column does not know of it is empty. */
export function tableOf<T>(columns: Columns<T>, things: Iterable<T>): ReportTable {
  return { columns: Object.keys(columns), rows: rowsOf(Object.values(columns), things) };
}

function* rowsOf<T>(readers: readonly Columns<T>[string][], things: Iterable<T>) {
  for (const thing of things) yield readers.map((read) => read(thing) ?? "");
}
