/** What a thing that can be found is. */
export type EntryKind = "error" | "field" | "guide" | "object" | "operation" | "page";

/** Something that can be found: a page, a section of one, or a field. */
export interface Entry {
  kind: EntryKind;
  /** What it is called: a heading, an operation, a field. */
  title: string;
  /** Where it stands: the page of a section, the call of an operation, the schema of a field. */
  place: string;
  /** From the site's root. */
  url: string;
  text: string;
  /** Words that readers look for it by, and that it does not have itself. */
  keywords?: string;
  /** Of an error: its message, as the API sends it. */
  message?: string;
  /** It is a part of a page, not the page. */
  isSection?: boolean;
}
