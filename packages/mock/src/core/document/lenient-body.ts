import { bodySchemas, type Schema } from "./document.ts";
import { defaultsOf, type Shape, shapeOf } from "./shape.ts";

/** A body as the platform takes it. */
export interface LenientBody {
  body: unknown;
  /** What of it is ignored, in sentences. */
  problems: string[];
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const NUMERIC = /^-?\d+(\.\d+)?$/;

const isNamedOtherwise = (name: string) => (other: string) => other.toLowerCase() === name.toLowerCase();

/** How a body is read. */
interface Reading {
  problems: string[];
  /** What is left out gets the document's default. */
  usesDefaults: boolean;
}

function unknownMember(path: string, name: string, { members }: Shape): string {
  const meant = [...members.keys()].find(isNamedOtherwise(name));
  const hint = meant === undefined ? "" : `; names are case-sensitive, and this one is ${JSON.stringify(meant)}`;
  return `body member ${JSON.stringify(path)} is unknown and ignored${hint}`;
}

function readObject(value: Record<string, unknown>, schema: Schema, path: string, reading: Reading): unknown {
  const shape = shapeOf(schema);
  // A schema that names no members takes any.
  if (!shape.members.size && !shape.others) return value;
  const entries: [string, unknown][] = [];
  for (const [name, member] of Object.entries(value)) {
    const at = path === "" ? name : `${path}.${name}`;
    const memberSchema = shape.members.get(name) ?? shape.others;
    if (!memberSchema) {
      reading.problems.push(unknownMember(at, name, shape));
      continue;
    }
    const isOptional = !shape.required.has(name);
    if (member === null && isOptional) continue;
    entries.push([name, readValue(member, memberSchema, at, name, reading)]);
  }
  if (reading.usesDefaults) {
    for (const [name, fallback] of defaultsOf(shape)) {
      if (!entries.some(([other]) => other === name)) entries.push([name, fallback]);
    }
  }
  return Object.fromEntries(entries);
}

function readValue(value: unknown, schema: Schema, path: string, name: string, reading: Reading): unknown {
  if (isObject(value)) return readObject(value, schema, path, reading);
  const { items, types } = shapeOf(schema);
  if (Array.isArray(value)) {
    return items ? value.map((item, at) => readValue(item, items, `${path}.${at}`, "", reading)) : value;
  }
  const isQuantity = name === "quantity" && (types.has("number") || types.has("integer"));
  return isQuantity && typeof value === "string" && NUMERIC.test(value) ? Number(value) : value;
}

/**
 * Reads a body as leniently as the platform is known to: a `null` for an optional member counts as left out (FLD-01), a quantity may be
 * a numeric text (FLD-02), members that the document does not know are ignored (FLD-20), and what a creation leaves out has the
 * document's default (ORD-16).
 * @param creates the operation creates something, so that defaults count
 */
export function readLeniently(operationId: string, body: unknown, creates: boolean): LenientBody {
  const schema = bodySchemas.get(operationId);
  if (!schema || !isObject(body)) return { body, problems: [] };
  const reading: Reading = { problems: [], usesDefaults: creates };
  return { body: readObject(body, schema, "", reading), problems: reading.problems };
}
