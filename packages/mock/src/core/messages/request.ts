/** The values of a query by name; a list where a name came more than once. */
export type Query = Readonly<Record<string, string | string[]>>;

/** A request to the API, read to its end, with its path below the base URL. */
export interface ApiRequest {
  /** In lower case. */
  method: string;
  path: string;
  query: Query;
  /** By names in lower case. */
  headers: Record<string, string>;
  /** What JSON means, or else the text; `undefined` where there was none. */
  body: unknown;
}
