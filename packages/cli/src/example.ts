/** A command line that runs against the sandbox as it stands, with `--mock` before it. */
export interface Example {
  /** The words after `imcloud`. */
  words: readonly string[];
  /** What is on standard input, where the command reads a body. */
  input?: object;
}
