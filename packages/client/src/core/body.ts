import { isObject, must, readable } from "./check.ts";

/**
 * A body as JSON.
 * @throws {@link TypeError} for what JSON would lose without a word: what is no number, and what holds its content elsewhere, as a
 *   promise does that nobody awaited
 */
export const toJson = (operation: string, body: unknown): string =>
  JSON.stringify(body, (name, value: unknown) => {
    const where = `The body of ${operation}${name && `: ${name}`}`;
    if (typeof value === "number") must("a number that JSON can hold", Number.isFinite, String)(value, where);
    if (isObject(value)) readable("an object whose fields can be seen")(value, where);
    return value;
  });

/** A body as JSON, `undefined` where it is empty, or as text where it is not JSON. */
export function parseBody(text: string): unknown {
  if (text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
