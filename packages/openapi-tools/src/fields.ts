import { componentName, type Document, type Reference, resolve, type Schema, type Source } from "./document.ts";

/** A property of a schema that is merged with what it is composed of. */
export interface MergedProperty {
  schema: Reference<Schema>;
  /** Whether it is always there. What one of several alternatives alone requires is not. */
  required: boolean;
  /** The component that declares it. */
  declaredBy: string | undefined;
  /** Where it comes from: what it says itself, or else the schema that declares it. */
  source: Source | undefined;
}

/** A schema with all that it is composed of, references, `allOf`, `anyOf` and `oneOf` at this level, as one. */
export interface MergedSchema {
  /** The component that it is. */
  component: string | undefined;
  description: string;
  /** JSON types without `null`; empty where anything goes. */
  types: string[];
  nullable: boolean;
  /** The formats that a text can have: several where each alternative has its own. */
  formats: string[];
  /** The values that are listed; `undefined` where none are. */
  values: unknown[] | undefined;
  /** Other values than the listed can come: `x-extensible-enum`. */
  isOpen: boolean;
  properties: Map<string, MergedProperty>;
  /** What the elements of a list are. */
  items: Reference<Schema> | undefined;
  /** What the members of a map are. */
  members: Reference<Schema> | undefined;
  readOnly: boolean;
  writeOnly: boolean;
  deprecated: boolean;
  /** `undefined` where there is none. */
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

/** A keyword that narrows what a value of a type can be. */
export type Constraint = (typeof CONSTRAINTS)[number];

const unique = <T>(values: Iterable<T>) => [...new Set(values)];

/** The properties of a schema's parts, then its own. What any part requires is required. */
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

/** What stands beside a reference: it counts in OpenAPI 3.1, and 3.0 says that it is ignored. */
function besideReference({ openapi }: Document, node: Reference<Schema>): Schema {
  const { $ref, ...beside } = node as Schema & { $ref?: string };
  return $ref !== undefined && openapi.startsWith("3.0") ? {} : beside;
}

/** Reads a schema through its reference, `allOf`, `anyOf` and `oneOf`. What it says itself takes precedence over what its parts say. */
export function mergedSchema(document: Document, node: Reference<Schema>): MergedSchema {
  const schema = { ...resolve(document, node), ...besideReference(document, node) };
  const component = componentName(node);
  const alternatives = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])];
  const forms = alternatives.filter((part) => !isNull(part));
  // Something or `null` has one form, which is sure.
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

/** A field of a body, or what a list or a map holds. */
export interface Field extends Omit<MergedSchema, "properties"> {
  /** `products[].parameters[].name`; `*` for a member of a map. */
  place: string;
  /** The property's own name; `[]` for an element, `*` for a member. */
  name: string;
  required: boolean;
  declaredBy: string | undefined;
  source: Source | undefined;
  /** What its values fit, as the document has it at this place. */
  schema: Reference<Schema>;
}

/**
 * Every field of a schema in one direction, from the outside in. What is marked `readOnly` is in no request, what is
 * `writeOnly` in no response, and what has no field left in a direction is not in it either (decision 0003). A schema within
 * itself is entered once.
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
