/** Headers by name, in any case, or a `Headers` of the platform. */
export type HeaderValues = Headers | Readonly<Record<string, string | undefined>>;

const isHeaders = (headers: HeaderValues): headers is Headers => typeof headers.get === "function";

/**
 * The value of a header.
 * @param name in lower case
 */
export function headerOf(headers: HeaderValues, name: string): string | undefined {
  if (isHeaders(headers)) return headers.get(name) ?? undefined;
  const value = headers[name];
  if (value !== undefined) return value;
  for (const given in headers) {
    if (given.length === name.length && given.toLowerCase() === name) return headers[given];
  }
  return undefined;
}
