/** The contents of a report's file, independent of its format. */
export interface ReportTable {
  columns: readonly string[];
  /** The values of each row, in the order of the columns. Lazy, as there may be a million. */
  rows: Iterable<readonly (string | number)[]>;
}

/** The columns of a layout in order, each with its function of a row's source. */
export type Columns<T> = Readonly<Record<string, (thing: T) => string | number | undefined>>;

/** A table with a row for each source. Missing values are empty. */
export function tableOf<T>(columns: Columns<T>, things: Iterable<T>): ReportTable {
  return { columns: Object.keys(columns), rows: rowsOf(Object.values(columns), things) };
}

function* rowsOf<T>(readers: readonly Columns<T>[string][], things: Iterable<T>) {
  for (const thing of things) yield readers.map((read) => read(thing) ?? "");
}
