/**
 * Headers by their names in lower case, as the platform checks and writes them. `undefined` is not given; `null` takes one away.
 * @throws {@link TypeError} without the value, which the platform's own has
 */
export function mergeHeaders(operation: string, ...all: (object | undefined)[]): Record<string, string> {
  const given = all.filter((headers) => headers !== undefined);
  if (given.length === 0) return {};
  try {
    const merged = new Headers();
    for (const headers of given) {
      // A `Headers` has no fields of its own.
      const entries = Symbol.iterator in headers ? new Headers(headers as Headers) : Object.entries(headers);
      for (const [name, value] of entries) {
        if (value === null) merged.delete(name);
        else if (value !== undefined) merged.set(name, [value].flat().join(", "));
      }
    }
    return Object.fromEntries(merged);
  } catch {
    throw new TypeError(`${operation} has a header whose name or value no header can have.`);
  }
}
