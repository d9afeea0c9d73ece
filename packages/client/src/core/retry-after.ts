/** The three forms of a date in HTTP, RFC 9110 §5.6.7. All of them are in GMT, the last one without saying so. */
const HTTP_DATE = /^[A-Z][a-z]+,? .*(\d|GMT)$/;
const NUMBER = /^\d+(\.\d+)?$/;

/** Milliseconds since 1970 of a date in HTTP; `NaN` where it is none. */
function parseHttpDate(value: string): number {
  if (!HTTP_DATE.test(value)) return Number.NaN;
  return Date.parse(value.endsWith("GMT") ? value : `${value} GMT`);
}

/**
 * Seconds in a `Retry-After` header (RFC 9110 §10.2.3), which is a number of them or a date by the server's own clock. Fractions are
 * rounded up. The longest counts where a proxy added a second header. `undefined` where there is none, or none that makes sense.
 */
export function retryAfter(headers: Headers): number | undefined {
  const value = headers.get("retry-after")?.trim();
  if (!value) return undefined;
  const numbers = value.split(",").map((part) => part.trim());
  if (numbers.every((part) => NUMBER.test(part))) return Math.ceil(Math.max(...numbers.map(Number)));
  const now = parseHttpDate(headers.get("date") ?? "") || Date.now();
  const seconds = (parseHttpDate(value) - now) / 1000;
  return Number.isNaN(seconds) ? undefined : Math.max(0, Math.ceil(seconds));
}
