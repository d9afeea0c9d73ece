import { schemaNamed } from "./document.ts";
import { shapeOf } from "./shape.ts";

const NONE: ReadonlySet<string> = new Set();

/**
 * A value with those of its members alone that a component schema of the document names, so that a row of a list shows what the
 * document says that rows show.
 * @param except members that are left out although the schema names them
 */
export function knownMembers<T extends object>(schema: string, value: T, except = NONE): Partial<T> {
  const { members } = shapeOf(schemaNamed(schema));
  const known: Partial<T> = {};
  // A list of 500 rows comes here 500 times: no arrays in between.
  for (const name in value) if (members.has(name) && !except.has(name)) known[name] = value[name];
  return known;
}
