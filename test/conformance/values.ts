import type { Document, Reference, Schema } from "@imcloud/openapi-tools/document";
import fc from "fast-check";
import { type Merged, merged } from "./schema.ts";

/** Whether optional properties are present. */
export type Optional = "sometimes" | "always";

/** The depth to which optional properties are generated, as schemas are wide. */
const DEEPEST = 12;

const DAY = 86_400_000;
const moments = fc.integer({ min: 0, max: 20_000 * DAY }).map((milliseconds) => new Date(milliseconds).toISOString());

const shortNames = fc.stringMatching(/^[a-z]{1,8}$/);
const unknownValues = fc.stringMatching(/^[a-z]{1,12}$/);

const formats: Record<string, fc.Arbitrary<string>> = {
  date: moments.map((moment) => moment.slice(0, 10)),
  "date-time": moments,
  email: shortNames.map((name) => `${name}@brightwater.example`),
  uuid: fc.uuid({ version: 4 }),
};

const LARGEST: Record<string, number> = { int32: 2 ** 31 - 1, int64: Number.MAX_SAFE_INTEGER };

/** Texts by their limits. Making what makes them takes a millisecond, and a document asks for the same ones at hundreds of places. */
const madeTexts = new Map<string, fc.Arbitrary<string>>();

function texts(pattern: string | undefined, minLength: number, maxLength: number | undefined): fc.Arbitrary<string> {
  const key = JSON.stringify([pattern, minLength, maxLength]);
  const known = madeTexts.get(key);
  if (known) return known;
  const made = pattern
    ? fc.stringMatching(new RegExp(pattern), { maxLength: maxLength ?? 24 }).filter((text) => text.length >= minLength)
    : fc.string({ minLength, maxLength: maxLength ?? 20 });
  madeTexts.set(key, made);
  return made;
}

function strings({ pattern, format, minLength = 0, maxLength, ...schema }: Schema): fc.Arbitrary<string> {
  const known = schema["x-extensible-enum"];
  if (known) return fc.oneof(fc.constantFrom(...known), unknownValues);
  if (format && formats[format]) return formats[format];
  return texts(pattern, minLength, maxLength);
}

function numbers({ type, format = "", minimum, maximum }: Schema): fc.Arbitrary<number> {
  const max = maximum ?? LARGEST[format] ?? 1_000_000;
  const min = minimum ?? -max;
  return type === "integer" ? fc.integer({ min, max }) : fc.double({ min, max, noNaN: true });
}

/** Arbitrary values that a schema accepts. */
export function values(
  document: Document,
  node: Reference<Schema>,
  optional: Optional,
  depth = 0,
): fc.Arbitrary<unknown> {
  const schema = merged(document, node);
  const good = nonNull(document, schema, optional, depth);
  return schema.isNullable && optional === "sometimes" ? fc.option(good, { nil: null }) : good;
}

function nonNull(document: Document, schema: Merged, optional: Optional, depth: number): fc.Arbitrary<unknown> {
  const below = (part: Reference<Schema>) => values(document, part, optional, depth + 1);
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map(below));
  if (schema.enum) return fc.constantFrom(...schema.enum);
  switch (schema.type) {
    case "string":
      return strings(schema);
    case "integer":
    case "number":
      return numbers(schema);
    case "boolean":
      return fc.boolean();
    case "array":
      if (depth > DEEPEST || !schema.items) return fc.constant([]);
      return fc.array(below(schema.items), {
        minLength: optional === "always" ? 1 : 0,
        maxLength: optional === "always" ? 1 : 3,
      });
    case "object": {
      const { properties = {}, required = [], additionalProperties } = schema;
      const names = Object.keys(properties).filter((name) => depth <= DEEPEST || required.includes(name));
      const parts = Object.fromEntries(names.map((name) => [name, below(properties[name] as Reference<Schema>)]));
      const requiredKeys = optional === "always" ? names : names.filter((name) => required.includes(name));
      const record = fc.record(parts, { requiredKeys, noNullPrototype: true });
      if (names.length || typeof additionalProperties !== "object") return record;
      return fc.dictionary(shortNames, below(additionalProperties), {
        minKeys: 1,
        maxKeys: 3,
        noNullPrototype: true,
      });
    }
    default:
      return fc.constantFrom("any", 7, true);
  }
}

/** A valid value with every property of a schema, always the same. */
export const completeValue = (document: Document, node: Reference<Schema>): unknown =>
  fc.sample(values(document, node, "always"), { numRuns: 1, seed: 7 })[0];
