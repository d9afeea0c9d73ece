import { type Document, methods, type Parameter, type Reference, resolve, type Schema } from "../document.ts";

/** What a document says of one place: an operation, a parameter, or a field that is sent or answered. */
export interface Fact {
  /** JSON types, sorted; empty where anything goes, and for operations. */
  types: string[];
  /** The values that are listed, sorted; `undefined` where none are. */
  values?: string[] | undefined;
  required: boolean;
}

/** Facts by where they are about, such as `POST /orders · request · products[].quantity`. */
export type Facts = Map<string, Fact>;

type Direction = "request" | "response";

/** A schema with all that it is composed of, at one level. */
interface Flat {
  types: string[];
  values: string[] | undefined;
  properties: Map<string, { schema: Reference<Schema>; required: boolean }>;
  items: Reference<Schema> | undefined;
  members: Reference<Schema> | undefined;
  readOnly: boolean;
  writeOnly: boolean;
}

const sorted = (values: Iterable<string>) => [...new Set(values)].sort();

/** An operation's place. The names of its path's parameters are left out, as they are a matter of taste. */
export const placeOf = ({ method, path }: { method: string; path: string }): string =>
  `${method.toUpperCase()} ${path.replace(/\{[^}]*\}/g, "{}").replace(/(.)\/$/, "$1")}`;

/** Reads a schema through its references, `allOf`, `anyOf` and `oneOf`. */
function flatten(document: Document, node: Reference<Schema>): Flat {
  const schema = resolve(document, node);
  const all = (schema.allOf ?? []).map((part) => flatten(document, part));
  const any = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].map((part) => flatten(document, part));
  const properties: Flat["properties"] = new Map();
  for (const [parts, isSure] of [
    [all, true],
    [any, false],
  ] as const) {
    for (const part of parts) {
      for (const [name, { schema, required }] of part.properties) {
        properties.set(name, { schema, required: (isSure && required) || (properties.get(name)?.required ?? false) });
      }
    }
  }
  for (const [name, property] of Object.entries(schema.properties ?? {}))
    properties.set(name, { schema: property, required: false });
  for (const name of schema.required ?? []) {
    const property = properties.get(name);
    if (property) properties.set(name, { ...property, required: true });
  }
  const own = schema.type === undefined ? [] : [schema.type].flat();
  const parts = [...all, ...any];
  const values = [schema.enum, schema["x-extensible-enum"], ...parts.map(({ values }) => values)].flatMap(
    (list) => list ?? [],
  );
  const members = typeof schema.additionalProperties === "object" ? schema.additionalProperties : undefined;
  return {
    types: sorted([...own, ...parts.flatMap(({ types }) => types)].filter((type) => type !== "null")),
    values: values.length ? sorted(values.map(String)) : undefined,
    properties,
    items: schema.items ?? parts.find(({ items }) => items)?.items,
    members: members ?? parts.find(({ members }) => members)?.members,
    readOnly: schema.readOnly ?? parts.some(({ readOnly }) => readOnly),
    writeOnly: schema.writeOnly ?? parts.some(({ writeOnly }) => writeOnly),
  };
}

/**
 * What a schema says of a place and of everything below it; nothing when it is on the other side alone. That is also so
 * where all of its parts are, whatever it says of itself (decision 0003). A schema within itself is read once.
 */
function placesOf(document: Document, root: Reference<Schema>, direction: Direction): [place: string, fact: Fact][] {
  function visit(node: Reference<Schema>, place: string, required: boolean, above: object[]): [string, Fact][] {
    const target = resolve(document, node);
    const flat = flatten(document, node);
    if (direction === "request" ? flat.readOnly : flat.writeOnly) return [];
    const own: [string, Fact][] = place ? [[place, { types: flat.types, values: flat.values, required }]] : [];
    if (above.includes(target)) return own;
    const next = [...above, target];
    const dot = place && `${place}.`;
    const parts = [
      ...[...flat.properties].map(([name, part]) => visit(part.schema, `${dot}${name}`, part.required, next)),
      ...(flat.items ? [visit(flat.items, `${place}[]`, false, next)] : []),
      ...(flat.members ? [visit(flat.members, `${dot}*`, false, next)] : []),
    ];
    return parts.length && parts.every((part) => part.length === 0) ? [] : [...own, ...parts.flat()];
  }
  return visit(root, "", false, []);
}

interface Media {
  content?: Record<string, { schema?: Reference<Schema> }>;
}

const jsonSchema = (document: Document, media: Reference<Media> | undefined) => {
  const content = media && resolve(document, media).content;
  const type = content && Object.keys(content).find((name) => /json|\*\/\*/.test(name));
  return type === undefined ? undefined : content?.[type]?.schema;
};

/** Everything that a bundled document says of its operations. Of the successes, whatever their status is, it takes one. */
export function factsOf(document: Document): Facts {
  const facts: Facts = new Map();
  for (const [path, item] of Object.entries(document.paths)) {
    for (const method of methods) {
      const operation = item[method];
      if (!operation) continue;
      const where = placeOf({ method, path });
      facts.set(where, { types: [], required: false });
      for (const reference of [...(item.parameters ?? []), ...(operation.parameters ?? [])]) {
        const parameter = resolve(document, reference) as Parameter & { schema?: Reference<Schema> };
        if (parameter.in === "path") continue;
        const { types, values } = flatten(document, parameter.schema ?? {});
        facts.set(`${where} · ${parameter.in} · ${parameter.name}`, {
          types,
          values,
          required: parameter.required ?? false,
        });
      }
      const sent = jsonSchema(document, operation.requestBody as Reference<Media>);
      for (const [place, fact] of sent ? placesOf(document, sent, "request") : [])
        facts.set(`${where} · request · ${place}`, fact);
      const success = Object.entries(operation.responses).find(([status]) => /^(2..|default)$/i.test(status));
      const answered = success && jsonSchema(document, success[1] as Reference<Media>);
      for (const [place, fact] of answered ? placesOf(document, answered, "response") : [])
        facts.set(`${where} · response · ${place}`, fact);
    }
  }
  return facts;
}
