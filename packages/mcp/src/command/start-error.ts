/** The exit codes, the same as those of `imcloud`. */
export const exitCodes = {
  ok: 0,
  /** An unexpected error. */
  unexpected: 1,
  /** A flag or a setting is wrong. */
  usage: 2,
  /** There are no settings of a marketplace. */
  notSignedIn: 3,
} as const;

/** The reason why the server does not start, for the user. */
export class StartError extends Error {
  override name = "StartError";
  readonly exitCode: number;

  constructor(message: string, exitCode: number = exitCodes.usage) {
    super(message);
    this.exitCode = exitCode;
  }
}
