/** What a report's file holds, whatever its format. */
export interface ReportTable {
  columns: readonly string[];
  rows: readonly Readonly<Record<string, string | number>>[];
}

/** The columns of a layout, in their order, each with what it says of a thing. */
export type Columns<T> = Readonly<Record<string, (thing: T) => string | number | undefined>>;

/** A row for each thing; what a column does not know of it is empty. */
export function tableOf<T>(columns: Columns<T>, things: readonly T[]): ReportTable {
  const entries = Object.entries(columns);
  return {
    columns: Object.keys(columns),
    rows: things.map((thing) => Object.fromEntries(entries.map(([name, read]) => [name, read(thing) ?? ""]))),
  };
}
