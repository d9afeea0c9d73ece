import { isMarketplaceError } from "@imcloud/client";
import { ProfileError } from "@imcloud/stores/profiles";

/** The exit codes, for scripts. */
export const exitCodes = {
  ok: 0,
  /** An unexpected error. */
  unexpected: 1,
  /** The command line, a body or a setting is wrong. Nothing was sent. */
  usage: 2,
  /** Not signed in, or not allowed. */
  notSignedIn: 3,
  notFound: 4,
  /** The marketplace refused it, or the order or report failed. */
  refused: 5,
  /** The rate limit or the day's quota. */
  limit: 6,
  /** A write may or may not have happened: look before you send it again. */
  outcomeUnknown: 7,
  /** The network, a timeout, or a proxy or server that does not work. */
  connection: 8,
  /** Ctrl-C. */
  interrupted: 130,
} as const;

/** An error whose message is a sentence for the user. */
export class CommandError extends Error {
  override name = "CommandError";
  readonly exitCode: number;

  constructor(message: string, exitCode: number = exitCodes.usage) {
    super(message);
    this.exitCode = exitCode;
  }
}

const BY_NAME: Record<string, number> = {
  AuthenticationError: exitCodes.notSignedIn,
  PermissionError: exitCodes.notSignedIn,
  NotFoundError: exitCodes.notFound,
  RateLimitError: exitCodes.limit,
  QuotaExceededError: exitCodes.limit,
  UnknownOutcomeError: exitCodes.outcomeUnknown,
  ConnectionError: exitCodes.connection,
  TimeoutError: exitCodes.connection,
  GatewayError: exitCodes.connection,
  IncompleteListError: exitCodes.connection,
};

/** The exit code of a failure. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof CommandError) return error.exitCode;
  if (error instanceof TypeError || error instanceof ProfileError) return exitCodes.usage;
  if (!isMarketplaceError(error)) return exitCodes.unexpected;
  return BY_NAME[error.name] ?? exitCodes.refused;
}
