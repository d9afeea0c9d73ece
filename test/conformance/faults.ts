import type { Document, Reference, Schema } from "@imcloud/openapi-tools/document";
import { merged } from "./schema.ts";

type Step = string | number;

/** A value that breaks one constraint of a schema and fits it otherwise. */
export interface Fault {
  constraint:
    | "required"
    | "type"
    | "enum"
    | "pattern"
    | "format"
    | "minimum"
    | "maximum"
    | "minLength"
    | "maxLength"
    | "closed";
  /** The path from the root of the value to what is wrong. */
  place: Step[];
  value: unknown;
}

const WRONG: Record<string, unknown> = {
  string: 7,
  integer: "seven",
  number: "seven",
  boolean: "perhaps",
  array: { not: "a list" },
  object: "no object",
};

const CHECKED_FORMATS = new Set(["date", "date-time", "email", "uuid"]);

/** A copy of a value with one part replaced; `undefined` removes the part. */
function withPart(root: unknown, place: Step[], part: unknown): unknown {
  const [step, ...rest] = place;
  if (step === undefined) return part;
  const copy = structuredClone(root) as Record<Step, unknown>;
  if (rest.length) copy[step] = withPart(copy[step], rest, part);
  else if (part === undefined) delete copy[step];
  else copy[step] = part;
  return copy;
}

/** Strings and numbers that break exactly one constraint. */
function ofScalar(schema: Schema): [Fault["constraint"], unknown][] {
  const { pattern, format, minimum, maximum, minLength, maxLength } = schema;
  const found: [Fault["constraint"], unknown][] = [];
  if (schema.enum) found.push(["enum", "not-listed"]);
  if (pattern) found.push(["pattern", ["not, this!", "?"].find((text) => !new RegExp(pattern).test(text))]);
  if (format && CHECKED_FORMATS.has(format)) found.push(["format", "no such thing"]);
  if (minimum !== undefined) found.push(["minimum", minimum - 1]);
  if (maximum !== undefined) found.push(["maximum", maximum + 1]);
  if (minLength) found.push(["minLength", ""]);
  if (maxLength !== undefined) found.push(["maxLength", "1".repeat(maxLength + 1)]);
  return found.filter(([, value]) => value !== undefined);
}

/** Breaks each constraint of a schema in turn, starting from a valid value. In lists each constraint is broken once. */
export function faultsIn(document: Document, node: Reference<Schema>, root: unknown): Fault[] {
  function visit(part: Reference<Schema>, value: unknown, place: Step[]): Fault[] {
    const schema = merged(document, part);
    // With several alternatives, the schema that an invalid value was meant for is unknown.
    if (schema.anyOf) return [];
    const at = (constraint: Fault["constraint"], broken: unknown, where = place): Fault => ({
      constraint,
      place: where,
      value: withPart(root, where, broken),
    });
    const own = [
      ...(schema.type && !schema.enum ? [at("type", WRONG[schema.type])] : []),
      ...ofScalar(schema).map(([constraint, broken]) => at(constraint, broken)),
    ];
    if (Array.isArray(value))
      return [...own, ...(schema.items && value.length ? visit(schema.items, value[0], [...place, 0]) : [])];
    if (typeof value !== "object" || value === null) return own;
    const held = value as Record<string, unknown>;
    const { properties = {}, required = [], additionalProperties } = schema;
    return [
      ...own,
      ...required.filter((name) => name in held).map((name) => at("required", undefined, [...place, name])),
      ...(additionalProperties === false ? [at("closed", "?", [...place, "not-documented"])] : []),
      ...Object.entries(properties).flatMap(([name, property]) =>
        name in held ? visit(property, held[name], [...place, name]) : [],
      ),
    ];
  }
  return visit(node, root, []);
}

/** Valid values that have each value of each enum in its place. */
export function listedIn(
  document: Document,
  node: Reference<Schema>,
  root: unknown,
): { place: Step[]; value: unknown }[] {
  function visit(part: Reference<Schema>, value: unknown, place: Step[]): { place: Step[]; value: unknown }[] {
    const schema = merged(document, part);
    const listed = schema.isNullable ? [...(schema.enum ?? []), null] : schema.enum;
    if (schema.enum) return (listed ?? []).map((choice) => ({ place, value: withPart(root, place, choice) }));
    if (Array.isArray(value)) return schema.items && value.length ? visit(schema.items, value[0], [...place, 0]) : [];
    if (typeof value !== "object" || value === null) return [];
    return Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
      const held = (value as Record<string, unknown>)[name];
      return held === undefined ? [] : visit(property, held, [...place, name]);
    });
  }
  return visit(node, root, []);
}
