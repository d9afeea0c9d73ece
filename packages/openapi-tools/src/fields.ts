import { componentName, type Document, type Reference, resolve, type Schema, type Source } from "./document.ts";

/** A property of a merged schema. */
export interface MergedProperty {
  schema: Reference<Schema>;
  /** Whether it is always required, not only by one of several alternatives. */
  required: boolean;
  /** The component that declares it. */
  declaredBy: string | undefined;
  /** Its source: its own, or else that of the schema that declares it. */
  source: Source | undefined;
}

/** A schema merged with its references, `allOf`, `anyOf` and `oneOf` at this level. */
export interface MergedSchema {
  /** The component that it is. */
  component: string | undefined;
  description: string;
  /** JSON types without `null`; empty for any type. */
  types: string[];
  nullable: boolean;
  /** The formats of a string, one for each alternative. */
  formats: string[];
  /** The enum's values; `undefined` without an enum. */
  values: unknown[] | undefined;
  /** Whether the enum is open (`x-extensible-enum`). */
  isOpen: boolean;
  properties: Map<string, MergedProperty>;
  /** The schema of a list's elements. */
  items: Reference<Schema> | undefined;
  /** The schema of a map's members. */
  members: Reference<Schema> | undefined;
  readOnly: boolean;
  writeOnly: boolean;
  deprecated: boolean;
  /** The default; `undefined` without one. */
  default: unknown;
  examples: unknown[];
  /** `format`, `pattern`, `minimum` and the like, by keyword. */
  constraints: Partial<Record<Constraint, string | number>>;
}

const CONSTRAINTS = [
  "format",
  "pattern",
  "minimum",
  "maximum",
  "minLength",
  "maxLength",
  "minItems",
  "maxItems",
] as const;

/** A keyword that narrows a type. */
export type Constraint = (typeof CONSTRAINTS)[number];

const unique = <T>(values: Iterable<T>) => [...new Set(values)];

/** The properties of a schema's parts, then its own. A property is required if any part requires it. */
function mergedProperties(schema: Schema, all: MergedSchema[], any: MergedSchema[], component: string | undefined) {
  const properties = new Map<string, MergedProperty>();
  const take = (parts: MergedSchema[], isSure: boolean) => {
    for (const [name, property] of parts.flatMap((part) => [...part.properties])) {
      const required = (isSure && property.required) || (properties.get(name)?.required ?? false);
      properties.set(name, { ...property, required });
    }
  };
  take(all, true);
  take(any, false);
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    properties.set(name, {
      schema: property,
      required: properties.get(name)?.required ?? false,
      declaredBy: component,
      source: (property as Schema)["x-source"] ?? schema["x-source"],
    });
  }
  for (const name of schema.required ?? []) {
    const property = properties.get(name);
    if (property) properties.set(name, { ...property, required: true });
  }
  return properties;
}

const isNull = (node: Reference<Schema>) => "type" in node && node.type === "null";

/** The keywords beside a reference, which OpenAPI 3.0 ignores. */
function besideReference({ openapi }: Document, node: Reference<Schema>): Schema {
  const { $ref, ...beside } = node as Schema & { $ref?: string };
  return $ref !== undefined && openapi.startsWith("3.0") ? {} : beside;
}

/** Merges a schema with its reference, `allOf`, `anyOf` and `oneOf`. Its own keywords take precedence. */
export function mergedSchema(document: Document, node: Reference<Schema>): MergedSchema {
  const schema = { ...resolve(document, node), ...besideReference(document, node) };
  const component = componentName(node);
  const alternatives = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])];
  const forms = alternatives.filter((part) => !isNull(part));
  // A schema or `null` has one alternative, which is certain.
  const isOneOrNull = forms.length === 1 && forms.length < alternatives.length;
  const all = [...(schema.allOf ?? []), ...(isOneOrNull ? forms : [])].map((part) => mergedSchema(document, part));
  const any = (isOneOrNull ? [] : forms).map((part) => mergedSchema(document, part));
  const parts = [...all, ...any];
  const types = [...[schema.type ?? []].flat(), ...parts.flatMap((part) => part.types)];
  const values = [schema.enum, schema["x-extensible-enum"], ...parts.map((part) => part.values)].flatMap(
    (list) => list?.filter((value) => value !== null) ?? [],
  );
  const members = typeof schema.additionalProperties === "object" ? schema.additionalProperties : undefined;
  return {
    component,
    description: schema.description ?? parts.find((part) => part.description)?.description ?? "",
    types: unique(types.filter((type) => type !== "null")),
    nullable: types.includes("null") || forms.length < alternatives.length || parts.some((part) => part.nullable),
    formats: unique([schema.format ?? [], ...parts.map((part) => part.formats)].flat()),
    values: values.length ? unique(values) : undefined,
    isOpen: schema["x-extensible-enum"] !== undefined || parts.some((part) => part.isOpen),
    properties: mergedProperties(schema, all, any, component),
    items: schema.items ?? parts.find((part) => part.items)?.items,
    members: members ?? parts.find((part) => part.members)?.members,
    readOnly: schema.readOnly ?? parts.some((part) => part.readOnly),
    writeOnly: schema.writeOnly ?? parts.some((part) => part.writeOnly),
    deprecated: schema.deprecated ?? false,
    default: schema.default ?? parts.find((part) => part.default !== undefined)?.default,
    examples: schema.examples ?? parts.find((part) => part.examples.length)?.examples ?? [],
    constraints: Object.assign(
      {},
      ...parts.map((part) => part.constraints),
      ...CONSTRAINTS.map((keyword) => schema[keyword] !== undefined && { [keyword]: schema[keyword] }),
    ),
  };
}

/** Whether a schema is one of a request or of a response. */
export type Direction = "request" | "response";

/** A field of a body, or the elements of a list or a map. */
export interface Field extends Omit<MergedSchema, "properties"> {
  /** `products[].parameters[].name`; `*` for a member of a map. */
  place: string;
  /** The property's own name; `[]` for an element, `*` for a member. */
  name: string;
  required: boolean;
  declaredBy: string | undefined;
  source: Source | undefined;
  /** Its schema in the document. */
  schema: Reference<Schema>;
}

/**
 * Every field of a schema in one direction, from the outside in. A `readOnly` field is in no request, a
 * `writeOnly` one in no response, and an object without a field in a direction is not in it either (decision 0003). A recursive
 * schema is entered once.
 */
export function fieldsOf(document: Document, root: Reference<Schema>, direction: Direction): Field[] {
  type At = Pick<Field, "place" | "name" | "required" | "declaredBy" | "source">;
  function visit(node: Reference<Schema>, at: At, above: object[]): Field[] {
    const target = resolve(document, node);
    const { properties, ...merged } = mergedSchema(document, node);
    if (direction === "request" ? merged.readOnly : merged.writeOnly) return [];
    const own: Field[] = at.place ? [{ ...merged, ...at, schema: node }] : [];
    if (above.includes(target)) return own;
    const next = [...above, target];
    const prefix = at.place && `${at.place}.`;
    const within = { required: false, declaredBy: undefined, source: undefined };
    const parts = [
      ...[...properties].map(([name, { schema, required, declaredBy, source }]) =>
        visit(schema, { place: prefix + name, name, required, declaredBy, source }, next),
      ),
      ...(merged.items ? [visit(merged.items, { place: `${at.place}[]`, name: "[]", ...within }, next)] : []),
      ...(merged.members ? [visit(merged.members, { place: `${prefix}*`, name: "*", ...within }, next)] : []),
    ];
    return parts.length && parts.every((part) => part.length === 0) ? [] : [...own, ...parts.flat()];
  }
  return visit(root, { place: "", name: "", required: false, declaredBy: undefined, source: undefined }, []);
}
