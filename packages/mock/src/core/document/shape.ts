import { resolveSchema, type Schema } from "./document.ts";

/** A schema's types and members, with those of its `allOf`, `anyOf` and `oneOf` parts. */
export interface Shape {
  /** Its types; empty if it names none. */
  readonly types: ReadonlySet<string>;
  /** Its named members. */
  readonly members: ReadonlyMap<string, Schema>;
  readonly required: ReadonlySet<string>;
  /** The schema of additional members; `undefined` if there is none. */
  readonly others: Schema | undefined;
  readonly items: Schema | undefined;
  readonly default: unknown;
}

interface Draft {
  types: Set<string>;
  members: Map<string, Schema>;
  required: Set<string>;
  others: Schema | undefined;
  items: Schema | undefined;
  default: unknown;
}

function collect(written: Schema, into: Draft, isCertain: boolean): void {
  const schema = resolveSchema(written);
  for (const type of [schema.type ?? []].flat()) into.types.add(type);
  for (const [name, member] of Object.entries(schema.properties ?? {})) {
    if (!into.members.has(name)) into.members.set(name, member);
  }
  // A member that only one of several alternatives requires is optional.
  if (isCertain) for (const name of schema.required ?? []) into.required.add(name);
  if (typeof schema.additionalProperties === "object") into.others ??= schema.additionalProperties;
  into.items ??= schema.items;
  into.default ??= written.default ?? schema.default;
  for (const part of schema.allOf ?? []) collect(part, into, isCertain);
  for (const part of [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])]) collect(part, into, false);
}

const shapes = new WeakMap<Schema, Shape>();

/** The shape of a schema. */
export function shapeOf(schema: Schema): Shape {
  let shape = shapes.get(schema);
  if (!shape) {
    const draft: Draft = {
      ...{ types: new Set<string>(), members: new Map<string, Schema>(), required: new Set<string>() },
      ...{ others: undefined, items: undefined, default: undefined },
    };
    collect(schema, draft, true);
    shape = draft;
    shapes.set(schema, shape);
  }
  return shape;
}

const defaults = new WeakMap<Shape, readonly [name: string, value: unknown][]>();

/** The defaults of a shape's members. */
export function defaultsOf(shape: Shape): readonly [name: string, value: unknown][] {
  let known = defaults.get(shape);
  if (!known) {
    known = [...shape.members].flatMap(([name, member]): [string, unknown][] => {
      const { default: value } = shapeOf(member);
      return value === undefined ? [] : [[name, value]];
    });
    defaults.set(shape, known);
  }
  return known;
}
