/** The kind of a flag's value. */
export type ValueKind = "text" | "number" | "boolean" | "day" | "time";

/** A flag for a value of an operation. */
export interface FlagSpec {
  /** Its name in the document, such as `customerId`. */
  name: string;
  /** The flag without dashes, such as `customer-id`. */
  flag: string;
  kind: ValueKind;
  description: string;
  /** The known values. */
  values?: readonly string[];
}

/** A command for an operation. */
export interface CommandSpec {
  /** Id of the operation. */
  id: string;
  resource: string;
  /** The client's method. */
  method: string;
  /** The command's name, such as `list-customers`. */
  name: string;
  /** `GET /customers`. */
  request: string;
  summary: string;
  /** The names of the path parameters, in order. */
  path: readonly string[];
  query: readonly FlagSpec[];
  /** Flags for single values of the body; `undefined` without a body. */
  body?: readonly FlagSpec[];
  isList?: boolean;
  /** The default columns of a table. */
  columns: readonly string[];
  /** Members that are objects or lists, which a table shows only with `--columns`. */
  objects: readonly string[];
}

/** A command line that runs against the sandbox, with `--mock` before it. */
export interface Example {
  /** The arguments after `imcloud`. */
  words: readonly string[];
  /** The body on standard input, if the command reads one. */
  input?: object;
}
