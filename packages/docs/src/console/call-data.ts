/** A parameter that the console lets one fill in. */
export interface CallParameter {
  in: "path" | "query";
  name: string;
  required: boolean;
  /** In words, such as `date`. */
  type: string;
  /** What it begins with. */
  value: string;
  /** A value as it could be; empty where none is known. */
  hint: string;
  /** Known values; empty where there are none. */
  values: string[];
}

/** What the console of an operation's page knows of the operation. */
export interface CallData {
  operation: string;
  /** In upper case. */
  method: string;
  /** The template, below the base URL. */
  path: string;
  /** By user name and password, where every other call has a token. */
  signsIn: boolean;
  /** It changes something. */
  isWrite: boolean;
  parameters: CallParameter[];
  /** What is sent; a call without a body has one example with none. */
  examples: { name: string; summary: string; body: string }[];
  /** What reads again what a call made: expressions of OpenAPI links by parameter. */
  links: { operation: string; path: string; parameters: Record<string, string> }[];
}
