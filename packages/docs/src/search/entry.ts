/** Something that can be found. */
export interface Entry {
  id: number;
  /** What it is called: a heading, an operation, a field. */
  title: string;
  /** Where it stands: the guide of a heading, the call of an operation, the schema of a field. */
  place: string;
  /** From the site's root. */
  url: string;
  text: string;
}
