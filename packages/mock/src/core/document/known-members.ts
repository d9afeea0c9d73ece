import type { components } from "@imcloud/spec";
import { schemaNamed } from "./document.ts";
import { shapeOf } from "./shape.ts";

type Schemas = components["schemas"];

/** A value with some of its members, of which none is there without a value. */
type Known<T, Name extends keyof T> = { [Each in keyof Pick<T, Name>]: Exclude<T[Each], undefined> };

const NONE: ReadonlySet<string> = new Set();

/**
 * A value with those of its members alone that a component schema of the document names, so that a row of a list shows what the
 * document says that rows show.
 * @param except members that are left out although the schema names them
 */
export function knownMembers<Name extends keyof Schemas, T extends object>(
  schema: Name,
  value: T,
  except = NONE,
): Known<T, keyof T & keyof Schemas[Name]> {
  const { members } = shapeOf(schemaNamed(schema));
  const known: Partial<T> = {};
  // A list of 500 rows comes here 500 times: no arrays in between.
  for (const name in value) {
    if (value[name] !== undefined && members.has(name) && !except.has(name)) known[name] = value[name];
  }
  return known as Known<T, keyof T & keyof Schemas[Name]>;
}
