/** How a language writes what JSON can hold. Its strings are those of JSON. */
export interface Notation {
  key(name: string): string;
  true: string;
  false: string;
  null: string;
  indent: string;
}

/** A JSON value as a literal of a language, one member a line. `depth` is how far in its first line stands. */
export function literal(value: unknown, notation: Notation, depth = 0): string {
  if (value === null || typeof value === "boolean") return notation[`${value}`];
  if (typeof value !== "object") return JSON.stringify(value);
  const isList = Array.isArray(value);
  const members = Object.entries(value).map(
    ([name, member]) => `${isList ? "" : `${notation.key(name)}: `}${literal(member, notation, depth + 1)}`,
  );
  const [open, close] = isList ? ["[", "]"] : ["{", "}"];
  if (!members.length) return open + close;
  const margin = notation.indent.repeat(depth);
  return [open, ...members.map((member) => `${margin}${notation.indent}${member},`), margin + close].join("\n");
}
