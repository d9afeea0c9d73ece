/** Removes characters that XML does not allow (XML 1.0, §2.2). */
export const forXml = (value: string | number): string | number =>
  typeof value === "number"
    ? value
    : value.replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "\uFFFD");

/** Consecutive pieces of a file. */
export type Pieces = readonly (string | Uint8Array)[];

/** Writes a table in one format, row by row. */
export interface Writer {
  /** @returns the pieces that are complete, if any */
  row(values: readonly (string | number)[]): Pieces;
  /** Ends the file. */
  end(): Pieces;
}
