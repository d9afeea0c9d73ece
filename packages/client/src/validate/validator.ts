import { Validator as JsonSchemaValidator, type OutputUnit } from "@cfworker/json-schema";
import { createPathMatcher } from "@imcloud/openapi-tools/path-matcher";
import { checkOptions, oneOf, type Rules } from "../core/check.ts";
import type { Difference } from "../core/errors.ts";
import { oneLine } from "../core/one-line.ts";
import { definitions, responses } from "../generated/schemas.ts";
import type { ResponseToValidate, Validator } from "../middleware/validation.ts";

/** The names of the schemas of an operation's responses, by status; `null` where the response is not JSON. */
type ResponseSchemas = Record<string, string | null>;

const matcher = createPathMatcher<ResponseSchemas>(
  Object.entries(responses).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, value]) => ({ method, path, value })),
  ),
);

/** What the document says of the responses to a call; `undefined` where it does not have the call. */
function schemasOf(method: string, path: string): ResponseSchemas | undefined {
  const match = matcher.match(method, path);
  return match.kind === "match" ? match.value : undefined;
}

const validators = new Map<string, JsonSchemaValidator>();

function validatorOf(name: string, isShort = false): JsonSchemaValidator {
  const key = `${name} ${isShort}`;
  const known = validators.get(key);
  if (known) return known;
  const schema = { $ref: `#/$defs/${name}`, $defs: definitions };
  const made = new JsonSchemaValidator(schema, "2020-12", isShort);
  validators.set(key, made);
  return made;
}

/** Keywords that say that something inside of them is wrong, and nothing of their own. */
const OUTER = new Set(["$ref", "allOf", "properties", "items", "additionalProperties"]);

/** What is wrong itself: no wrapper, and no branch of a choice of which none fits. */
function causes(units: OutputUnit[]): OutputUnit[] {
  const choices = units.filter(({ keyword }) => keyword === "anyOf" || keyword === "oneOf");
  // As many as the document has, however many rows differ.
  const locations = [...new Set(choices.map(({ keywordLocation }) => `${keywordLocation}/`))];
  return units.filter(
    ({ keyword, keywordLocation }) =>
      !OUTER.has(keyword) && !locations.some((location) => keywordLocation.startsWith(location)),
  );
}

/** Differences that are told of a response; the names in it are the server's. */
const MAX_DIFFERENCES = 100;

/** What the validator finds wrong: everything or, of a body with more faults than fit its stack, the first. */
function errorsOf(name: string, body: unknown): OutputUnit[] {
  try {
    return validatorOf(name).validate(body).errors;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return validatorOf(name, true).validate(body).errors;
  }
}

/** Where a body differs from a schema of the document. Like differences in many rows are one, with `*` for the row. */
function differencesFrom(name: string, body: unknown): Difference[] {
  const found = new Map<string, Difference>();
  for (const { instanceLocation, error } of causes(errorsOf(name, body))) {
    const at = instanceLocation.replace(/^#/, "").replace(/\/\d+(?=\/|$)/g, "/*");
    const known = found.get(`${at} ${error}`);
    if (known) known.count += 1;
    else if (found.size < MAX_DIFFERENCES) {
      found.set(`${at} ${error}`, { at: oneLine(at, 300), message: oneLine(error, 300), count: 1 });
    }
  }
  return [...found.values()];
}

function validate({ method, path, status, body }: ResponseToValidate): Difference[] {
  const schemas = schemasOf(method, path);
  if (!schemas) return [];
  const name = schemas[status];
  if (name === undefined) return [{ at: "", message: `The document has no response ${status}.`, count: 1 }];
  if (name === null) return [];
  return body === undefined ? [{ at: "", message: "The body is empty.", count: 1 }] : differencesFrom(name, body);
}

/** How to validate. */
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
 * Makes what checks the responses of a client against the document: `createClient({ …, validate: validator() })`.
 * @throws {@link TypeError} when `onDifference` has another value
 */
export function validator(options: ValidatorOptions = {}): Validator {
  checkOptions(VALIDATOR_RULES, options);
  const { onDifference = "warn" } = options;
  return { onDifference, validate };
}
