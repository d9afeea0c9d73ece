/** Characters of a value that a message shows. */
const MAX_SHOWN = 200;

/** What JSON has no word for, such as an object that holds itself, is named by its kind. */
function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? typeof value;
  } catch {
    return typeof value;
  }
}

/** A value in words; `"Large"` for a text. */
export function shown(value: unknown): string {
  const isWord = typeof value === "number" || typeof value === "bigint" || typeof value === "undefined";
  const words = isWord ? String(value) : jsonOf(value);
  return words.length > MAX_SHOWN ? `${words.slice(0, MAX_SHOWN)}…` : words;
}

/** A name in words: as it is; another value as {@link shown} says it. */
export const nameOf = (value: unknown): string => (typeof value === "string" ? value : shown(value));
