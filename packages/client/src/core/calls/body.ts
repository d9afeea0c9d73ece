import { isObject, must, readable, wholeText } from "@imcloud/options";

/**
 * A body as JSON.
 * @throws {@link TypeError} for what JSON would lose silently: `NaN`, and an object whose content is not in its fields, such as a promise
 *   that was not awaited
 */
export function toJson(operation: string, body: unknown): string {
  /** The objects that contain a value, outermost first. */
  const parents: unknown[] = [];
  function check(this: Record<string, unknown>, name: string, value: unknown): unknown {
    const where = `The body of ${operation}${name && `: ${name}`}`;
    const isLost =
      /^(function|symbol)$/.test(typeof value) ||
      (value === undefined && Array.isArray(this)) ||
      // JSON writes `null` for an invalid date, and numbers for bytes.
      (value === null && this[name] instanceof Date) ||
      ArrayBuffer.isView(value);
    if (isLost) must("a value that JSON can hold", () => false)(this[name], where);
    if (/^(number|bigint)$/.test(typeof value))
      must("a number that JSON can hold", Number.isFinite, String)(value, where);
    if (typeof value === "string") wholeText(value, where);
    if (typeof value !== "object" || value === null) return value;
    if (isObject(value)) readable("an object whose fields can be seen")(value, where);
    parents.length = parents.lastIndexOf(this) + 1;
    if (parents.includes(value)) throw new TypeError(`${where} is a part of itself, which JSON cannot hold.`);
    parents.push(value);
    return value;
  }
  try {
    return JSON.stringify(body, check);
  } catch (error) {
    if (error instanceof RangeError) throw new TypeError(`The body of ${operation} is nested too deep for JSON.`);
    throw error;
  }
}

/** @throws {@link TypeError} for a body that no platform sends */
export function checkBodiless(method: string, body: unknown): void {
  if (body !== undefined && /^(GET|HEAD)$/.test(method)) throw new TypeError(`A ${method} can have no body.`);
}

/** A body as JSON, `undefined` where it is empty, or as text where it is not JSON. */
export function parseBody(text: string): unknown {
  if (text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
