/** A part of a list, or of a text. */
export interface ListPart {
  /** The total number of rows, if known. */
  total: number | undefined;
  offset: number;
  returned: number;
  /** What is counted. @defaultValue `rows` */
  unit?: "rows" | "characters";
}

/** The outcome of a tool. */
export interface Outcome {
  /** Data of the marketplace, which is cleaned before it is shown. */
  data: unknown;
  /** Whether the data is from the package's own docs, and shown unchanged. */
  isOurs?: boolean;
  /** Set if {@link Outcome.data} is a part of a list. */
  part?: ListPart | undefined;
  /** What is missing in the data, without texts of the marketplace. */
  leftOut?: string[] | undefined;
  /** What it means and what to do next, without texts of the marketplace. */
  advice?: string | undefined;
  /** The confirmation, if there is something to confirm. */
  confirmation?: { confirmationId: string; expiresAt: string } | undefined;
}
