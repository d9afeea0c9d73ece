import { bodySchemas, type Schema } from "./document.ts";
import { defaultsOf, type Shape, shapeOf } from "./shape.ts";

/** A body, read as leniently as the platform does. */
export interface LenientBody {
  body: unknown;
  /** Sentences about ignored parts. */
  problems: string[];
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const NUMERIC = /^-?\d+(\.\d+)?$/;

const isNamedOtherwise = (name: string) => (other: string) => other.toLowerCase() === name.toLowerCase();

/** The state of reading a body. */
interface Reading {
  problems: string[];
  /** Whether missing members get the document's default. */
  usesDefaults: boolean;
}

function unknownMember(path: string, name: string, { members }: Shape): string {
  const meant = [...members.keys()].find(isNamedOtherwise(name));
  const hint = meant === undefined ? "" : `; names are case-sensitive, and this one is ${JSON.stringify(meant)}`;
  return `body member ${JSON.stringify(path)} is unknown and ignored${hint}`;
}

/** A copy of an object with other values for some members; `undefined` removes a member. */
function withMembers(value: Record<string, unknown>, others: ReadonlyMap<string, unknown>): Record<string, unknown> {
  const entries = new Map([...Object.entries(value), ...others]);
  return Object.fromEntries([...entries].filter(([, member]) => member !== undefined));
}

/** Reads an object. Returns the same object if nothing changes, which is the usual case. */
function readObject(value: Record<string, unknown>, schema: Schema, path: string, reading: Reading): unknown {
  const shape = shapeOf(schema);
  // A schema that names no members takes any.
  if (!shape.members.size && !shape.others) return value;
  const others = new Map<string, unknown>();
  for (const name of Object.keys(value)) {
    const member = readMember(value[name], name, shape, path, reading);
    if (member !== value[name]) others.set(name, member);
  }
  for (const [name, fallback] of reading.usesDefaults ? defaultsOf(shape) : []) {
    const isLeftOut = !Object.hasOwn(value, name) || (others.has(name) && others.get(name) === undefined);
    if (isLeftOut) others.set(name, fallback);
  }
  return others.size ? withMembers(value, others) : value;
}

/** Reads a member of an object; `undefined` for one that counts as left out. */
function readMember(member: unknown, name: string, shape: Shape, path: string, reading: Reading): unknown {
  const at = path === "" ? name : `${path}.${name}`;
  const schema = shape.members.get(name) ?? shape.others;
  if (!schema) {
    reading.problems.push(unknownMember(at, name, shape));
    return undefined;
  }
  if (member === null && !shape.required.has(name)) return undefined;
  return readValue(member, schema, at, name, reading);
}

/** Reads the items of a list. Returns the same list if nothing changes. */
function readItems(list: readonly unknown[], items: Schema, path: string, reading: Reading): readonly unknown[] {
  const read = list.map((item, at) => readValue(item, items, `${path}.${at}`, "", reading));
  return read.every((item, at) => item === list[at]) ? list : read;
}

function readValue(value: unknown, schema: Schema, path: string, name: string, reading: Reading): unknown {
  if (isObject(value)) return readObject(value, schema, path, reading);
  const { items, types } = shapeOf(schema);
  if (Array.isArray(value)) return items ? readItems(value, items, path, reading) : value;
  const isQuantity = name === "quantity" && (types.has("number") || types.has("integer"));
  return isQuantity && typeof value === "string" && NUMERIC.test(value) ? Number(value) : value;
}

/**
 * Reads a body as leniently as the platform is known to: a `null` for an optional member counts as left out (FLD-01), a quantity may be
 * a numeric text (FLD-02), members that the document does not know are ignored (FLD-20), and what a creation leaves out has the
 * document's default (ORD-16).
 * @param creates whether the operation creates something, so that defaults apply
 */
export function readLeniently(operationId: string, body: unknown, creates: boolean): LenientBody {
  const schema = bodySchemas.get(operationId);
  if (!schema || !isObject(body)) return { body, problems: [] };
  const reading: Reading = { problems: [], usesDefaults: creates };
  return { body: readObject(body, schema, "", reading), problems: reading.problems };
}
