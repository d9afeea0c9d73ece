const NUMBER = /^\d+(\.\d+)?$/;

/** Milliseconds since 1970 of a date in HTTP, RFC 9110 §5.6.7, which is in GMT; `NaN` where it is none. */
const parseHttpDate = (value: string | null): number => (value?.endsWith("GMT") ? Date.parse(value) : Number.NaN);

/**
 * Seconds in a `Retry-After` header (RFC 9110 §10.2.3), which is a number of them or a date by the server's own clock. Fractions are
 * rounded up. The longest counts where a proxy added a second header. `undefined` where there is none, or none that makes sense.
 */
export function retryAfter(headers: Headers): number | undefined {
  const value = headers.get("retry-after");
  if (!value) return undefined;
  const numbers = value.split(",").map((part) => part.trim());
  if (numbers.every((part) => NUMBER.test(part))) return Math.ceil(Math.max(...numbers.map(Number)));
  const seconds = (parseHttpDate(value) - (parseHttpDate(headers.get("date")) || Date.now())) / 1000;
  return seconds > 0 ? Math.ceil(seconds) : seconds <= 0 ? 0 : undefined;
}
