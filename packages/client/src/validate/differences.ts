import { type OutputUnit, Validator } from "@cfworker/json-schema";
import type { Difference } from "../errors/errors.ts";
import { answers, definitions } from "../generated/schemas.ts";

/** The names of the schemas of an operation's answers, by status. */
type Answers = Record<string, string | null>;

/** The document's paths, those with fewer names first: `/orders/estimate` is no order. */
const templates = Object.entries(answers)
  .map(([path, methods]) => ({ pattern: new RegExp(`^${path.replace(/\{\w+\}/g, "[^/]+")}$`), path, methods }))
  .sort((one, other) => one.path.split("{").length - other.path.split("{").length);

/** What the document says of the answers to a call; `undefined` where it does not have the call. */
export function answersTo(method: string, path: string): Answers | undefined {
  return templates.find(({ pattern, methods }) => method in methods && pattern.test(path))?.methods[method];
}

const validators = new Map<string, Validator>();

function validatorOf(name: string): Validator {
  const known = validators.get(name);
  if (known) return known;
  const schema = { $ref: `#/$defs/${name}`, $defs: definitions };
  const made = new Validator(schema, "2020-12", false);
  validators.set(name, made);
  return made;
}

/** Keywords that say that something inside of them is wrong, and nothing of their own. */
const OUTER = new Set(["$ref", "allOf", "properties", "items", "additionalProperties"]);

/** What is wrong itself: no wrapper, and no branch of a choice of which none fits. */
function causes(units: OutputUnit[]): OutputUnit[] {
  const choices = units.filter(({ keyword }) => keyword === "anyOf" || keyword === "oneOf");
  return units.filter(
    ({ keyword, keywordLocation }) =>
      !OUTER.has(keyword) && !choices.some((choice) => keywordLocation.startsWith(`${choice.keywordLocation}/`)),
  );
}

/** Where a body differs from a schema of the document. Like differences in many rows are one, with `*` for the row. */
export function differences(name: string, body: unknown): Difference[] {
  const { errors } = validatorOf(name).validate(body);
  const found = new Map<string, Difference>();
  for (const { instanceLocation, error } of causes(errors)) {
    const at = instanceLocation.replace(/^#/, "").replace(/\/\d+(?=\/|$)/g, "/*");
    const known = found.get(`${at} ${error}`);
    if (known) known.count += 1;
    else found.set(`${at} ${error}`, { at, message: error, count: 1 });
  }
  return [...found.values()];
}
