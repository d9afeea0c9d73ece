/** The values of a query by name; a list where a name came more than once. */
export type Query = Readonly<Record<string, string | string[]>>;

/** A request as it arrives, on any platform: its body is not read yet. */
export interface IncomingRequest {
  /** In upper case, as it is sent. */
  method: string;
  /** The path and the query, as they stand in the request line. */
  target: string;
  /** By names in lower case. */
  headers: Readonly<Record<string, string>>;
  /**
   * Reads the body to its end. Without one, there are no bytes.
   * @param path what an error says that was called
   * @throws {@link HttpError} for one that is too large
   */
  readBody(path: string): Promise<Uint8Array>;
}

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
  /** The body as it was sent; empty where there was none. */
  text: string;
}
