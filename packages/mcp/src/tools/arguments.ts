import type { StandardSchemaWithJSON } from "@modelcontextprotocol/server";
import { z } from "zod";
import { ToolError } from "../results/failure.ts";

/** Faults that are told of at a time. */
const SHOWN = 3;

/** A text that is no sentence, and can be shown where one of some values, a number or a day is wanted. */
const WORD = /^[\w.:+-]{1,24}$/;

/**
 * What an assistant sent.
 * @param isSecret the place can hold one: parameters of an order can be a password. Its texts are not shown.
 */
function shown(value: unknown, isSecret: boolean): string {
  if (value === null) return "null was given";
  if (typeof value === "number" || typeof value === "boolean")
    return `${isSecret ? `a ${typeof value}` : value} was given`;
  if (value === "") return "an empty text was given";
  if (typeof value === "string") {
    return !isSecret && WORD.test(value) ? `"${value}" was given` : `a text of ${value.length} characters was given`;
  }
  if (Array.isArray(value)) return `a list of ${value.length} was given`;
  return "an object was given";
}

/** A name that can be repeated: one of ours, or one that looks like ours. What else stands in its place can be anything. */
const plainName = (name: PropertyKey): string =>
  /^[\w-]{1,40}$/.test(String(name)) ? String(name) : "what has a strange name";

/** Where an issue is: `products.0.quantity`. */
const placeOf = (path: readonly PropertyKey[]): string => path.map(plainName).join(".") || "The arguments";

const at = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((inside, name) => (inside as Record<PropertyKey, unknown> | undefined)?.[name], value);

const KINDS: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
};

/** What is allowed in the place of an issue. */
function expectedOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return `must be ${KINDS[issue.expected] ?? issue.expected}`;
    case "invalid_value":
      return `must be one of ${issue.values.join(", ")}`;
    case "invalid_format":
      return "must be a day such as 2026-09-30";
    case "too_small":
    case "too_big": {
      const isLeast = issue.code === "too_small";
      if (isLeast && issue.minimum === 1 && issue.origin !== "number") return "must not be empty";
      const limit = `${isLeast ? "at least" : "at most"} ${isLeast ? issue.minimum : issue.maximum}`;
      if (issue.origin === "string") return `must have ${limit} characters`;
      return issue.origin === "array" ? `must have ${limit} entries` : `must be ${limit}`;
    }
    case "custom":
      return issue.message;
    default:
      return "is not as the tool's schema has it";
  }
}

const MISSPELT = 0.5;

/** Pairs of letters that stand beside each other. */
const pairs = (name: string): Set<string> =>
  new Set([...name.toLowerCase()].slice(1).map((letter, index) => `${name.toLowerCase()[index]}${letter}`));

/** The name that was likely meant: most of their pairs of letters are the same. */
function meant(name: string, known: readonly string[]): string | undefined {
  const likeness = known.map((each) => {
    const [one, other] = [pairs(name), pairs(each)];
    const shared = [...one].filter((pair) => other.has(pair)).length;
    return { each, share: (2 * shared) / (one.size + other.size) };
  });
  const [best] = likeness.sort((one, other) => other.share - one.share);
  return best && best.share > MISSPELT ? best.each : undefined;
}

/** The names that an object in the arguments can have. */
function namesAt(schema: z.ZodObject, path: readonly PropertyKey[]): string[] {
  let inside: unknown = z.toJSONSchema(schema, { io: "input" });
  for (const step of path) {
    const { properties, items } = inside as { properties?: Record<PropertyKey, unknown>; items?: unknown };
    inside = typeof step === "number" ? items : properties?.[step];
  }
  return Object.keys((inside as { properties?: object } | undefined)?.properties ?? {});
}

function sentencesOf(tool: string, schema: z.ZodObject, given: unknown, issue: z.core.$ZodIssue): string[] {
  if (issue.code !== "unrecognized_keys") {
    const isSecret = issue.path.at(-1) === "value";
    const value = at(given, issue.path);
    if (value === undefined) return [`${placeOf(issue.path)} is missing: it ${expectedOf(issue)}.`];
    return [`${placeOf(issue.path)} ${expectedOf(issue)}; ${shown(value, isSecret)}.`];
  }
  const known = namesAt(schema, issue.path);
  const where = issue.path.length ? `${placeOf(issue.path)} of ${tool}` : tool;
  const [key = ""] = issue.keys;
  const wanted = meant(key, known);
  const others = issue.keys.length - 1;
  const more = others > 1 ? `, and neither are ${others} others` : others === 1 ? ", and neither is one other" : "";
  const advice = wanted ? `Did you mean ${wanted}?` : `There are: ${known.join(", ")}.`;
  return [`${plainName(key)} is no argument of ${where}${more}. ${advice}`];
}

/**
 * The arguments of a call.
 * @throws {@link ToolError} with a sentence for each fault: its place, what is allowed, and what was given
 */
export function readArguments<Input extends z.ZodObject>(tool: string, schema: Input, given: unknown): z.output<Input> {
  const { data, error } = schema.safeParse(given);
  if (!error) return data;
  // What is not known says more than what is missing for it.
  const byPlace = new Map(
    [...error.issues].reverse().map((issue) => [`${isUnknown(issue)} ${issue.path.join(".")}`, issue]),
  );
  const issues = [...byPlace.values()]
    .reverse()
    .sort((one, other) => Number(isUnknown(other)) - Number(isUnknown(one)));
  const sentences = issues.flatMap((issue) => sentencesOf(tool, schema, given, issue));
  const rest = sentences.length - SHOWN;
  const more = rest > 1 ? [`There are ${rest} more such faults.`] : rest === 1 ? ["There is one more such fault."] : [];
  throw new ToolError([...sentences.slice(0, SHOWN), ...more].join(" "));
}

const isUnknown = ({ code }: z.core.$ZodIssue): boolean => code === "unrecognized_keys";

/**
 * A schema that is listed as it is, and whose values are checked by a function: the library's own error is a page of JSON.
 * @param check throws where a value does not fit
 */
export const checkedBy = (schema: z.ZodObject, check: (value: unknown) => unknown): StandardSchemaWithJSON => ({
  "~standard": {
    ...schema["~standard"],
    vendor: "imcloud",
    validate(value: unknown) {
      try {
        return { value: check(value) };
      } catch (error) {
        return { issues: [{ message: (error as Error).message }] };
      }
    },
  },
});
