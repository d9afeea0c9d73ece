/** A value without the characters that XML cannot hold (XML 1.0, §2.2). */
export const forXml = (value: string | number): string | number =>
  typeof value === "number"
    ? value
    : value.replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "\uFFFD");

/** Pieces of a file, in their order. */
export type Pieces = readonly (string | Uint8Array)[];

/** Writes a table of one format row by row, so that no file is made in one go. */
export interface Writer {
  /** @returns what is ready by then, which may be nothing */
  row(values: readonly (string | number)[]): Pieces;
  /** Ends the file. */
  end(): Pieces;
}
