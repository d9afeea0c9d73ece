import { parseBody } from "../calls/body.ts";
import { correlationIdOf } from "../errors/api-error.ts";
import { type Difference, ValidationError } from "../errors/errors.ts";
import type { Checked, ClientOptions } from "../options.ts";
import type { Send } from "../pipeline/send.ts";
import { answersTo, differences } from "./differences.ts";

/** Where an answer differs from the document. Pages of proxies are no answers of the API. */
function differencesOf(method: string, path: string, status: number, text: string, body: unknown): Difference[] {
  const answers = answersTo(method, path);
  if (!answers || (body === text && text !== "")) return [];
  const name = answers[status];
  if (name === undefined) return [{ at: "", message: `The document has no answer ${status}.`, count: 1 }];
  if (name === null) return [];
  return body === undefined ? [{ at: "", message: "The body is empty.", count: 1 }] : differences(name, body);
}

/**
 * Checks answers against the document and logs where they differ; with `validate: "error"`, a success that differs throws as well.
 * No value of an answer is in what it says.
 */
export const withValidation =
  (send: Send, { validate, logger = console, logLevel = "info" }: Checked<ClientOptions>): Send =>
  async (call) => {
    const answer = await send(call);
    const { response, text } = answer;
    const { operation, method } = call;
    const body = parseBody(text);
    const path = call.path.replace(/\?.*/, "");
    const found = differencesOf(method, path, response.status, text, body);
    if (found.length === 0) return answer;
    const details = { operation, method, path, status: response.status, differences: found };
    const error = new ValidationError(details, body);
    if (logLevel !== "error" && logLevel !== "off") {
      logger.warn(error.message, { ...details, correlationId: correlationIdOf(response.headers, body) });
    }
    if (validate === "error" && response.ok) throw error;
    return answer;
  };
