/** The most characters of a value in a message. */
const MAX_SHOWN = 200;

/** A value as JSON; its kind if it has none, such as a circular object. */
function jsonOf(value: unknown): string {
  const kind = Object.prototype.toString.call(value).slice(8, -1);
  // JSON has an empty object for a Map, a Set and a promise.
  if (["Map", "Set", "Promise", "URLSearchParams"].includes(kind)) return kind;
  try {
    return JSON.stringify(value) ?? typeof value;
  } catch {
    return typeof value;
  }
}

/** A value for a message; text in quotes. */
export function formatValue(value: unknown): string {
  const isWord = typeof value === "number" || typeof value === "bigint" || typeof value === "undefined";
  const words = isWord ? String(value) : jsonOf(value);
  return words.length > MAX_SHOWN ? `${words.slice(0, MAX_SHOWN)}…` : words;
}

/** A name for a message, without quotes; other values as by {@link formatValue}. */
export const nameOf = (value: unknown): string => (typeof value === "string" ? value : formatValue(value));
