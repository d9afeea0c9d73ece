import type { SchemaCheck } from "./fault.ts";

/** How the parts of a value stand in each other, as far as a serialization has to know it. */
export type Shape =
  | "primitive"
  | { items: Shape }
  | {
      /** The shapes of the properties that the schema names. */
      properties: Record<string, Shape>;
    };

/** The serializations of OpenAPI, and `json` for a parameter that has a `content`. */
export type Style = "form" | "spaceDelimited" | "pipeDelimited" | "deepObject" | "simple" | "label" | "matrix" | "json";

/** How a parameter or a header is read and checked. */
export interface ParameterTable {
  name: string;
  required: boolean;
  style: Style;
  explode: boolean;
  shape: Shape;
  check: SchemaCheck;
}

/** How a body of a media type is checked. */
export interface ContentTable {
  /** In lower case; it can end in an asterisk, and has no parameters. */
  mediaType: string;
  /** Absent where any body will do. */
  check?: SchemaCheck;
  /** How a form is read; absent for what is no form. */
  form?: Shape;
}

export interface BodyTable {
  required: boolean;
  contents: ContentTable[];
}

/** How the requests of an operation are checked. */
export interface RequestTable {
  path: ParameterTable[];
  query: ParameterTable[];
  headers: ParameterTable[];
  body?: BodyTable;
}

/** How a response is checked. */
export interface ResponseTable {
  headers: ParameterTable[];
  contents: ContentTable[];
}

/** The responses of an operation, by status (`200`), by class (`4XX`), and the one for all others (`default`). */
export interface ResponsesTable {
  byStatus: Record<string, ResponseTable>;
  /** A response to HEAD has the headers of a body that is not sent. */
  isHead: boolean;
}

/** A way to show who calls. */
export type SchemeTable =
  | { type: "basic" | "bearer" }
  | { type: "apiKey"; in: "header" | "query" | "cookie"; name: string };

/** Alternatives, of each of which everything is needed. */
export type SecurityTable = SchemeTable[][];
