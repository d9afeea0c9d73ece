import { checkOptions, oneOf, type Rules } from "@imcloud/options";
import { type Fault, type OperationId, validateResponse } from "@imcloud/spec/validators";
import { parseBody } from "../core/calls/body.ts";
import { correlationIdOf } from "../core/errors/api-error.ts";
import { type Difference, ValidationError } from "../core/errors/errors.ts";
import { oneLine } from "../core/errors/one-line.ts";
import { operations } from "../generated/resources.ts";
import type { Validator } from "../middleware/validation.ts";

const known: ReadonlySet<string> = new Set(operations.map(({ id }) => id));

/** The parts of a response that are checked. */
interface ParsedResponse {
  operation: string;
  status: number;
  /** `undefined` when it is empty. */
  body: unknown;
}

/** Merges the same difference in many rows into one, with `*` for the row. */
function toDifferences(faults: readonly Fault[]): Difference[] {
  const found = new Map<string, Difference>();
  for (const { pointer, message } of faults) {
    const at = pointer.replace(/\/\d+(?=\/|$)/g, "/*");
    const like = found.get(`${at} ${message}`);
    if (like) like.count += 1;
    else found.set(`${at} ${message}`, { at: oneLine(at, 300), message: oneLine(message, 300), count: 1 });
  }
  return [...found.values()];
}

/** Whether the document has only text for a status, such as a proxy's page. A JSON body is then not checked. */
const isText = (operation: OperationId, status: number): boolean =>
  validateResponse(operation, status, { body: "" }).length === 0;

/** Where a response differs from the document; empty where the document does not have the call. */
function differencesOf({ operation, status, body }: ParsedResponse): Difference[] {
  if (!known.has(operation)) return [];
  const id = operation as OperationId;
  const faults = validateResponse(id, status, { body });
  if (faults.length === 0 || isText(id, status)) return [];
  if (faults[0]?.in === "status") return [{ at: "", message: `the document has no response ${status}`, count: 1 }];
  return body === undefined ? [{ at: "", message: "the body is empty", count: 1 }] : toDifferences(faults);
}

/** Options of a validator. */
export interface ValidatorOptions {
  /**
   * `"warn"` logs where a response differs, to the console when there is no logger. `"throw"` makes a call throw a
   * {@link ValidationError} as well, when a success differs.
   * @defaultValue "warn"
   */
  onDifference?: "warn" | "throw" | undefined;
}

const VALIDATOR_RULES: Rules<ValidatorOptions> = { onDifference: oneOf("warn", "throw") };

/**
 * Makes a validator of the responses of a client: `createClient({ …, validate: validator() })`. A success that differs throws a {@link
 * ValidationError} where `onDifference` says so. At most a hundred differences of a response are told, and no value of it. Pages of
 * proxies are not checked, as they are not responses of the API.
 * @throws {@link TypeError} when `onDifference` has another value
 */
export function validator(options: ValidatorOptions = {}): Validator {
  checkOptions(VALIDATOR_RULES, options);
  const { onDifference = "warn" } = options;
  return {
    middleware: (warn) => async (request, next) => {
      const buffered = await next(request);
      const { response, text } = buffered;
      const body = parseBody(text);
      if (body === text && text !== "") return buffered;
      const { operation, method, path } = request;
      const { status } = response;
      const differences = differencesOf({ operation, status, body });
      if (differences.length === 0) return buffered;
      const error = new ValidationError({ operation, method, path, status, differences }, body);
      const correlationId = correlationIdOf(response.headers, body);
      warn(error.message, { operation, method, path, status, differences, correlationId });
      if (onDifference === "throw" && response.ok) throw error;
      return buffered;
    },
  };
}
