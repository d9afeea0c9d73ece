import { isMarketplaceError, UnknownOutcomeError } from "@imcloud/client";
import type { Outcome } from "./outcome.ts";

/** An error of a tool. Its message has no text of the marketplace. */
export class ToolError extends Error {
  override name = "ToolError";
  /** Data of the marketplace, for the assistant. */
  readonly data: object | undefined;

  constructor(message: string, data?: object) {
    super(message);
    this.data = data;
  }
}

const LOOK_FIRST =
  "It may or may not have happened. Call the same tool with the same confirmationId to go on with it: that never does it twice.";

const TRANSIENT = "The marketplace could not be reached, or did not respond in time. Reading can be tried again.";

/** Advice by the error's name. */
const ADVICE: Readonly<Record<string, string>> = {
  AuthenticationError: "The sign-in was refused. Ask the user to check the settings that the server was started with.",
  PermissionError: "The account may not do this, or the id belongs to somebody else. Ask the user.",
  NotFoundError: "There is nothing with this id. Find it by its name first.",
  BadRequestError:
    "The marketplace refused it: data.message says why. Change the arguments; the same again is refused again.",
  UnprocessableError:
    "The marketplace refused it: data.message says why. Change the arguments; the same again is refused again.",
  ConflictError: "Something else is under way there. Wait until it has ended, and try again.",
  RateLimitError: "The marketplace takes no more calls for now. Wait a minute, and ask for less at a time.",
  QuotaExceededError: "The calls of this day are used up. Nothing works until tomorrow.",
  UnknownOutcomeError: LOOK_FIRST,
  ReportFailedError: "The marketplace could not make the report. Check its name and period.",
  ServerError:
    "The marketplace failed, or has a conflict that data.message names, such as another open order. Do not repeat it before that is settled.",
  ...Object.fromEntries(
    ["ConnectionError", "TimeoutError", "GatewayError", "IncompleteListError"].map((name) => [name, TRANSIENT]),
  ),
};
const OTHERWISE = "It cannot be done: data.message says why.";
const UNEXPECTED = "The server has met something that it does not expect. Tell the user.";

/** What was sent and when, to look for it, with its candidates. */
function sentOf({ sentAt, body, candidates }: UnknownOutcomeError): object {
  const { poNumber } = body as { poNumber?: string };
  const ids = candidates.map((candidate) => (candidate as { id?: unknown }).id);
  return { sentAt: sentAt.toISOString(), poNumber, candidates: ids };
}

/** An error as an outcome. The marketplace's message is data. */
export function toFailure(error: unknown): Outcome {
  if (error instanceof ToolError) return { data: { error: "refused", ...error.data }, advice: error.message };
  if (!isMarketplaceError(error)) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    return {
      data: { error: name, message },
      advice: error instanceof TypeError ? "The arguments are wrong: data.message says why." : UNEXPECTED,
    };
  }
  const { status, correlationId } = error as { status?: number; correlationId?: string };
  const { name, message } = error;
  return {
    data: { error: name, message, status, correlationId, ...(error instanceof UnknownOutcomeError && sentOf(error)) },
    advice: ADVICE[error.name] ?? OTHERWISE,
  };
}
