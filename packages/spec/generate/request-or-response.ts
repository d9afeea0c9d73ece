import { MAPS_OF_SCHEMAS } from "@imcloud/openapi-tools/schema-walker";

/** A JSON Schema of the document. */
export type Schema = Record<string, unknown>;

/** The message that is checked. A request has no `readOnly` properties, a response no `writeOnly` ones. */
export type Side = "request" | "response";

const HIDDEN = { request: "readOnly", response: "writeOnly" } as const;

const PREFIX = "#/components/schemas/";

/** Keywords whose schemas apply to the same value. */
const IN_PLACE = new Set(["allOf", "anyOf", "oneOf", "not", "if", "then", "else", "dependentSchemas"]);
/** Keywords whose values are not schemas. */
const PLAIN = new Set(["enum", "const", "required", "dependentRequired", "type"]);
/** Annotations, which validation does not need. */
const ANNOTATIONS = new Set(
  ["title", "description", "default", "example", "examples", "deprecated", "readOnly", "writeOnly"].concat([
    "externalDocs",
    "xml",
    "discriminator",
    "$comment",
    "contentEncoding",
    "contentMediaType",
  ]),
);

/** The ranges of number formats (OpenAPI's format registry), which JSON Schema validators do not check. */
const RANGES: Readonly<Record<string, Schema>> = {
  int64: { minimum: -(2 ** 63), exclusiveMaximum: 2 ** 63 },
  float: { minimum: -(2 ** 128 - 2 ** 104), maximum: 2 ** 128 - 2 ** 104 },
};

/** A schema with the range of its format, where that is narrower. */
function withRange(schema: Schema): Schema {
  const range = RANGES[String(schema.format)];
  const isNumber = [schema.type].flat().some((type) => type === "integer" || type === "number");
  if (!range || !isNumber) return schema;
  const narrower = Object.entries(range).filter(([keyword, limit]) => {
    const own = schema[keyword] as number | undefined;
    return own === undefined || (keyword === "minimum" ? own < Number(limit) : own > Number(limit));
  });
  return { ...schema, ...Object.fromEntries(narrower) };
}

const isSchema = (value: unknown): value is Schema =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * A document's schemas for one side, under new names: without annotations, and without the properties of
 * the other side. References point to the new names.
 */
export class SideSchemas {
  /** The schemas by name. A name ends with additionally hidden properties, for a part of a schema that hides more. */
  readonly byName: Record<string, unknown> = {};
  readonly #components: Record<string, unknown>;
  readonly #hidden: "readOnly" | "writeOnly";

  constructor(components: Record<string, unknown>, side: Side) {
    this.#components = components;
    this.#hidden = HIDDEN[side];
  }

  /** Converts a schema of the document for this side. */
  of(schema: unknown): unknown {
    return this.#convert(schema, new Set());
  }

  #componentOf(schema: Schema): unknown {
    const reference = String(schema.$ref);
    const name = reference.slice(PREFIX.length);
    if (!reference.startsWith(PREFIX) || !Object.hasOwn(this.#components, name)) {
      throw new Error(
        `The validators cannot follow the reference "${reference}": it must name a schema of components.`,
      );
    }
    return this.#components[name];
  }

  #isHidden(schema: unknown, seen = new Set<unknown>()): boolean {
    if (!isSchema(schema) || seen.has(schema)) return false;
    seen.add(schema);
    return schema[this.#hidden] === true || ("$ref" in schema && this.#isHidden(this.#componentOf(schema), seen));
  }

  /** The hidden properties of a schema, its reference and its `allOf` parts. */
  #hiddenIn(schema: unknown, seen = new Set<unknown>()): string[] {
    if (!isSchema(schema) || seen.has(schema)) return [];
    seen.add(schema);
    const properties = isSchema(schema.properties) ? schema.properties : {};
    return [
      ...Object.keys(properties).filter((name) => this.#isHidden(properties[name])),
      ...("$ref" in schema ? this.#hiddenIn(this.#componentOf(schema), seen) : []),
      ...(Array.isArray(schema.allOf) ? schema.allOf.flatMap((part) => this.#hiddenIn(part, seen)) : []),
    ];
  }

  /** Adds a component with hidden properties, and returns its name. */
  #reference(schema: Schema, hidden: ReadonlySet<string>): string {
    const component = this.#componentOf(schema);
    const own = new Set(this.#hiddenIn(component));
    const more = [...hidden].filter((name) => !own.has(name)).sort();
    const name = [String(schema.$ref).slice(PREFIX.length), ...more].join("-");
    if (!(name in this.byName)) {
      // Reserved first, as the schema can be recursive.
      this.byName[name] = true;
      this.byName[name] = this.#convert(component, hidden);
    }
    return name;
  }

  #convert(schema: unknown, inherited: ReadonlySet<string>): unknown {
    if (Array.isArray(schema)) return schema.map((part) => this.#convert(part, inherited));
    if (!isSchema(schema)) return schema;
    const hidden = new Set([...inherited, ...this.#hiddenIn(schema)]);
    const kept = Object.entries(schema).filter(([keyword]) => !ANNOTATIONS.has(keyword) && !keyword.startsWith("x-"));
    const converted: Schema = {};
    for (const [keyword, value] of kept) {
      const below = IN_PLACE.has(keyword) ? hidden : new Set<string>();
      if (keyword === "$ref") converted.$ref = `schema:${this.#reference(schema, hidden)}`;
      else if (keyword === "required") converted.required = (value as string[]).filter((name) => !hidden.has(name));
      else if (PLAIN.has(keyword)) converted[keyword] = value;
      else if (MAPS_OF_SCHEMAS.has(keyword)) {
        const entries = Object.entries(value as Schema);
        const own = keyword === "properties" ? entries.filter(([, property]) => !this.#isHidden(property)) : entries;
        converted[keyword] = Object.fromEntries(own.map(([name, part]) => [name, this.#convert(part, below)]));
      } else converted[keyword] = this.#convert(value, below);
    }
    return withRange(converted);
  }
}
