/** The values of a query by name; a list for a repeated name. */
export type Query = Readonly<Record<string, string | string[]>>;

/** An incoming request on any platform, before its body is read. */
export interface IncomingRequest {
  /** In upper case, as it is sent. */
  method: string;
  /** The path and the query, as in the request line. */
  target: string;
  /** Headers by lower-case name. */
  headers: Readonly<Record<string, string>>;
  /**
   * Reads the body; empty without one.
   * @param path the path for error messages
   * @throws {@link HttpError} for a body that is too large
   * @throws {@link BrokenConnection} for a body that is not sent completely
   */
  readBody(path: string): Promise<Uint8Array>;
}

/** A request to the API, read to its end, with its path below the base URL. */
export interface ApiRequest {
  /** In lower case. */
  method: string;
  path: string;
  query: Query;
  /** Headers by lower-case name. */
  headers: Record<string, string>;
  /** The parsed JSON, or else the text; `undefined` without a body. */
  body: unknown;
  /** The body's text; empty without a body. */
  text: string;
}
