/** The kind of a value that is typed as text. */
export type ValueKind = "text" | "number" | "boolean" | "day" | "time";

/** A value of an operation that a flag gives. */
export interface FlagSpec {
  /** Its name in the document, such as `customerId`. */
  name: string;
  /** As it is typed, without its dashes: `customer-id`. */
  flag: string;
  kind: ValueKind;
  description: string;
  /** The values that are known. */
  values?: readonly string[];
}

/** An operation of the document as a command. */
export interface CommandSpec {
  /** Id of the operation. */
  id: string;
  resource: string;
  /** The client's method. */
  method: string;
  /** As it is typed: `list-customers`. */
  name: string;
  /** `GET /customers`. */
  request: string;
  summary: string;
  /** Names of the values in the path, in their order. */
  path: readonly string[];
  query: readonly FlagSpec[];
  /** Members of the body that are single values; `undefined` where the operation takes none. */
  body?: readonly FlagSpec[];
  isList?: boolean;
  /** Members that a table shows unless it is told others. */
  columns: readonly string[];
  /** Members that have members themselves, which a table shows only when it is asked to. */
  objects: readonly string[];
}

/** A command line that runs against the sandbox as it stands, with `--mock` before it. */
export interface Example {
  /** The words after `imcloud`. */
  words: readonly string[];
  /** What is on standard input, where the command reads a body. */
  input?: object;
}
