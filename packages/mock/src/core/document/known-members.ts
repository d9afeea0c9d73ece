import { schemaNamed } from "./document.ts";
import { shapeOf } from "./shape.ts";

/**
 * A value with those of its members alone that a component schema of the document names, so that a row of a list shows what the
 * document says that rows show.
 */
export function knownMembers<T extends object>(schema: string, value: T): Partial<T> {
  const { members } = shapeOf(schemaNamed(schema));
  return Object.fromEntries(Object.entries(value).filter(([name]) => members.has(name))) as Partial<T>;
}
