import { type Document, resolve } from "@imcloud/openapi-tools/document";
import fc from "fast-check";
import type { Random } from "../../support/random.ts";

type Schema = Record<string, unknown>;

const isSchema = (node: unknown): node is Schema => typeof node === "object" && node !== null && !Array.isArray(node);

const GOOD: Record<string, readonly string[]> = {
  date: ["2026-02-28", "2024-02-29", "1999-12-31"],
  time: ["10:00:00Z", "23:59:60Z", "10:00:00.5+01:00"],
  "date-time": ["2026-02-28T10:00:00Z", "2026-02-28 10:00:00+01:00", "2026-02-28t10:00:00.123z"],
  email: ["someone@brightwater.example", "a+b@c.example"],
  uuid: ["00000000-0000-4000-8000-000000000001", "urn:uuid:00000000-0000-4000-8000-000000000001"],
  uri: ["https://brightwater.example/a?b#c", "urn:isbn:1"],
  hostname: ["brightwater.example", "localhost"],
  ipv4: ["127.0.0.1"],
};

/** Strings that almost fit a format, or that some validators accept. */
const NEARLY: Record<string, readonly string[]> = {
  date: ["2026-02-30", "2025-02-29", "2026-2-1", "26-02-01", "2026-13-01", "2026-02-28T10:00:00Z"],
  time: ["10:00:00", "10:00Z", "25:00:00Z", "10:00:61Z", "10:00:00+1"],
  "date-time": ["2026-02-28T10:00:00", "2026-02-28T25:00:00Z", "2026-02-28T10:00:00+0100", "2026-02-28T10:00:00+01"],
  email: ["a@", "@b", "a b@c.example", "a@b"],
  uuid: ["00000000-0000-4000-8000", "00000000000040008000000000000001", "g0000000-0000-4000-8000-000000000001"],
  uri: ["no uri", "/a/b", "https://"],
  hostname: ["-host-", "a..b", "a_b"],
  ipv4: ["256.1.1.1", "1.1.1", "01.1.1.1"],
};

const BAD_FORMATS: readonly string[] = [
  ...Object.values(NEARLY).flat(),
  ...["", " ", "12", "true", "null", "é😀", "a".repeat(300)],
];

const OTHERS: readonly unknown[] = [
  ...["", "12", "true", "null", "1.5", "x", " 7 ", "0x10", "1e3", 0, 1, -1, 1.5, 3_000_000_000, -3e9, 2 ** 60, 1e300],
  ...[true, false, null, [], {}, [1], [null], { a: 1 }, [[]], { from: 1 }],
];

/** How a value breaks its schema. */
export interface Wrongness {
  /** The probability that a place is wrong. */
  rate: number;
  /** The keyword that is broken almost wherever it occurs. */
  keyword?: string;
}

/** Values that break a keyword. */
const BREAKERS: Record<string, (schema: Record<string, never>, random: Random) => unknown> = {
  type: () => [[null]],
  enum: () => "no such value",
  const: () => "no such value",
  format: ({ type, format = "" }, random) =>
    type === "string"
      ? random.pick(NEARLY[format] ?? BAD_FORMATS)
      : format === "int64"
        ? 2 ** 60
        : random.pick([1e300, 0.5]),
  pattern: () => "\u0000,",
  minLength: ({ minLength }) => "😀".repeat(Number(minLength) - 1),
  maxLength: ({ maxLength }) => "😀".repeat(Number(maxLength) + 1),
  minimum: ({ minimum }) => Number(minimum) - 1,
  maximum: ({ maximum }) => Number(maximum) + 1,
  exclusiveMinimum: ({ exclusiveMinimum }) => exclusiveMinimum,
  exclusiveMaximum: ({ exclusiveMaximum }) => exclusiveMaximum,
  multipleOf: ({ multipleOf }) => Number(multipleOf) * 1.5,
  minItems: () => [],
  maxItems: ({ maxItems }) => Array.from({ length: Number(maxItems) + 1 }, (_, at) => at),
  uniqueItems: () => [1, 1],
  contains: () => ["x"],
  minProperties: () => ({}),
  maxProperties: ({ maxProperties }) =>
    Object.fromEntries(Array.from({ length: Number(maxProperties) + 1 }, (_, at) => [`p${at}`, at])),
  propertyNames: () => ({ "a long name": 1 }),
  additionalProperties: () => ({ unknown: [[null]] }),
  required: () => ({}),
  anyOf: () => [[null]],
  oneOf: () => 15,
  not: () => "a text",
  if: () => ({ kind: "a", value: 7 }),
};

/** Generates valid and invalid values of a document's schemas. */
export class Values {
  readonly #document: Document;
  readonly #patterns = new Map<string, string[]>();

  constructor(document: Document) {
    this.#document = document;
  }

  /** Resolves a schema's references. Keywords beside a reference count too. */
  resolve(node: unknown): Schema {
    if (!isSchema(node)) return {};
    if (!("$ref" in node)) return node;
    const { $ref, ...own } = node;
    return { ...this.resolve(resolve(this.#document, { $ref: String($ref) })), ...own };
  }

  /** The keywords of the document that can be broken. */
  get keywords(): string[] {
    const text = JSON.stringify(this.#document);
    return Object.keys(BREAKERS).filter((keyword) => text.includes(`"${keyword}":`));
  }

  make(random: Random, node: unknown, wrong: Wrongness, depth = 0): unknown {
    if (node === false) return 1;
    const { rate, keyword = "" } = wrong;
    if (random.chance(rate)) return this.#broken(random, node);
    const breaker = keyword in this.resolve(node) ? BREAKERS[keyword] : undefined;
    // A broken outer value would hide the inner ones, so it is rarer.
    if (breaker && random.chance(keyword === "type" || keyword === "required" ? 0.3 : 0.9))
      return breaker(this.resolve(node) as never, random);
    const schema = this.#merged(random, node);
    if ("const" in schema) return schema.const;
    if (Array.isArray(schema.enum)) return random.pick(schema.enum);
    const types = [schema.type ?? (schema.properties ? "object" : undefined)].flat();
    switch (random.pick(types)) {
      case "string":
        return this.#text(random, schema);
      case "integer":
      case "number":
        return this.#number(random, schema);
      case "boolean":
        return random.chance(0.5);
      case "null":
        return null;
      case "array":
        return this.#list(random, schema, wrong, depth);
      case "object":
        return this.#object(random, schema, wrong, depth);
      default:
        return random.pick(OTHERS);
    }
  }

  /** A schema merged with its `allOf` and with one of its alternatives. */
  #merged(random: Random, node: unknown): Schema {
    const { allOf = [], anyOf, oneOf, ...own } = this.resolve(node) as Record<string, unknown[]>;
    const parts = [...allOf, ...(anyOf ? [random.pick(anyOf)] : []), ...(oneOf ? [random.pick(oneOf)] : [])];
    const all: Schema[] = [...parts.map((part) => this.#merged(random, part)), own as Schema];
    return {
      ...Object.assign({}, ...all),
      ...(all.some(({ properties }) => properties) && {
        properties: Object.assign({}, ...all.map(({ properties }) => properties)),
      }),
      required: all.flatMap(({ required = [] }) => required),
    };
  }

  #text(random: Random, schema: Schema): string {
    const { pattern, format, minLength = 0, maxLength } = schema as Record<string, never>;
    if (format && GOOD[format]) return random.pick(GOOD[format]);
    if (pattern) return random.pick(this.#matching(pattern));
    const longest = maxLength ?? Number(minLength) + 6;
    const length = random.pick([Number(minLength), longest, random.integer(Number(minLength), longest)]);
    return Array.from({ length }, () => random.pick([..."abc XYZ0159-_.äß😀"])).join("");
  }

  #matching(pattern: string): string[] {
    const known = this.#patterns.get(pattern);
    if (known) return known;
    const made = fc.sample(fc.stringMatching(new RegExp(pattern), { maxLength: 30 }), { seed: 7, numRuns: 20 });
    this.#patterns.set(pattern, made);
    return made;
  }

  #number(random: Random, schema: Schema): number {
    const { type, minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema as Record<string, number>;
    const step = multipleOf ?? (String(type) === "integer" || random.chance(0.5) ? 1 : 0.25);
    const low = minimum ?? (exclusiveMinimum !== undefined ? exclusiveMinimum + step : -100);
    const high = maximum ?? (exclusiveMaximum !== undefined ? exclusiveMaximum - step : low + 1000);
    const steps = Math.floor((Math.min(high, low + 1e6) - low) / step);
    return random.pick([low, low + steps * step, low + random.integer(0, steps) * step]);
  }

  #list(random: Random, schema: Schema, wrong: Wrongness, depth: number): unknown[] {
    const {
      items,
      prefixItems = [],
      contains,
      minItems = 0,
      maxItems = Math.max(Number(minItems), 3),
    } = schema as Record<string, unknown> & { prefixItems?: unknown[] };
    const length = depth > 6 ? Number(minItems) : random.integer(Number(minItems), Number(maxItems));
    const list = Array.from({ length }, (_, at) =>
      this.make(random, prefixItems[at] ?? items ?? contains ?? {}, wrong, depth + 1),
    );
    if (wrong.rate && random.chance(0.1)) list.push(...list, ...list, 7);
    // More errors than are reported.
    if (wrong.rate && random.chance(0.02)) list.push(...Array.from({ length: 150 }, () => [[null]]));
    return list;
  }

  #object(random: Random, schema: Schema, wrong: Wrongness, depth: number): Schema {
    const {
      properties = {},
      required = [],
      additionalProperties,
      patternProperties,
    } = schema as {
      properties?: Schema;
      required?: string[];
      additionalProperties?: unknown;
      patternProperties?: Schema;
    };
    const object: Schema = {};
    const dense = depth > 6 ? 0 : wrong.keyword ? 1 : random.pick([0.2, 0.6, 1]);
    for (const [name, property] of Object.entries(properties)) {
      const isLeftOut = required.includes(name) ? random.chance(wrong.rate) : !random.chance(dense);
      // A forbidden property is present in wrong values only.
      if (isLeftOut || (property === false && !random.chance(wrong.rate))) continue;
      object[name] = this.make(random, property, wrong, depth + 1);
    }
    if (isSchema(additionalProperties) && random.chance(dense)) {
      for (const name of ["k", "key/with~signs", "k2"])
        object[name] = this.make(random, additionalProperties, wrong, depth + 1);
    }
    if (patternProperties) object.n_1 = random.chance(wrong.rate) ? "x" : 1.5;
    if (random.chance(wrong.rate ? 0.1 : 0))
      object[random.pick(["unknown", "too/long~name", "__proto__x", "n_"])] = random.pick(OTHERS);
    return object;
  }

  /** A value that very likely breaks the schema. */
  #broken(random: Random, node: unknown): unknown {
    const schema = this.#merged(random, node);
    const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, minLength, maxLength } = schema as Record<
      string,
      number
    >;
    const near = [minimum, maximum, exclusiveMinimum, exclusiveMaximum].flatMap((limit) =>
      limit === undefined ? [] : [limit - 1, limit, limit + 1, limit + 0.1],
    );
    const long = maxLength === undefined ? [] : ["x".repeat(maxLength + 1), "😀".repeat(maxLength)];
    const short = minLength ? ["x".repeat(minLength - 1), "😀".repeat(minLength - 1)] : [];
    const texts = schema.format || schema.pattern ? BAD_FORMATS : [];
    const near_ = [...near, ...long, ...short, ...texts];
    return random.pick(near_.length && random.chance(0.7) ? near_ : OTHERS);
  }
}
