/** A part of a list, or of a text. */
export interface ListPart {
  /** Rows that there are in all, where it is known. */
  total: number | undefined;
  offset: number;
  returned: number;
  /** What is counted. @defaultValue `rows` */
  unit?: "rows" | "characters";
}

/** What a tool has found or done. */
export interface Outcome {
  /** What the marketplace said. It is cleaned before it is shown. */
  data: unknown;
  /** The data is of the docs that the package brings along, and shown as it is. */
  isOurs?: boolean;
  /** Where {@link Outcome.data} is a part of a list. */
  part?: ListPart | undefined;
  /** What is not in the data although one might expect it, in words of our own. */
  leftOut?: string[] | undefined;
  /** What it means and what can be done next, in words of our own: never with a text of the marketplace in it. */
  advice?: string | undefined;
  /** What to confirm, where something can be. */
  confirmation?: { confirmationId: string; expiresAt: string } | undefined;
}
