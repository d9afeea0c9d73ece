import type { components } from "@imcloud/spec";
import { schemaNamed } from "./document.ts";
import { shapeOf } from "./shape.ts";

type Schemas = components["schemas"];

/** Some members of a type, without `undefined`. */
type Known<T, Name extends keyof T> = { [Each in keyof Pick<T, Name>]: Exclude<T[Each], undefined> };

const NONE: ReadonlySet<string> = new Set();

/**
 * Reduces a value to the members that a component schema names, so that a row of a list has exactly the
 * members of the document's row.
 * @param except members that are left out although the schema names them
 */
export function knownMembers<Name extends keyof Schemas, T extends object>(
  schema: Name,
  value: T,
  except = NONE,
): Known<T, keyof T & keyof Schemas[Name]> {
  const { members } = shapeOf(schemaNamed(schema));
  const known: Partial<T> = {};
  // Without intermediate arrays, as it runs for every row of a list.
  for (const name in value) {
    if (value[name] !== undefined && members.has(name) && !except.has(name)) known[name] = value[name];
  }
  return known as Known<T, keyof T & keyof Schemas[Name]>;
}
