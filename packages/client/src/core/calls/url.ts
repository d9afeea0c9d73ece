type Value = string | number | boolean | Date;

/** A time as the API takes it, without milliseconds where there are none. */
const toText = (value: Value): string =>
  value instanceof Date ? value.toISOString().replace(".000Z", "Z") : String(value);

/** A query as the API reads it: a list as its name once for each of its values, what is `undefined` or `null` left out. */
export function toQuery(values: object = {}): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(values) as [string, Value | (Value | null | undefined)[] | null][]) {
    for (const each of [value].flat()) if (each !== undefined && each !== null) query.append(name, toText(each));
  }
  // A plus means a space in forms only.
  return String(query).replaceAll("+", "%20");
}

/** A path whose `{names}` stand for values. One without a value stays as it is, which {@link checkUrl} refuses. */
export const fillPath = (template: string, values: Readonly<Record<string, string | number>> = {}): string =>
  template.replace(/\{(\w+)\}/g, (all, name) => (values[name] === undefined ? all : encodeURIComponent(values[name])));

/** A path with a query, which may be more of one that it has. */
export function withQuery(path: string, query?: object): string {
  const text = query && toQuery(query);
  return text ? `${path}${path.includes("?") ? "&" : "?"}${text}` : path;
}

/** An address without the slashes at its end. */
export function withoutEndSlashes(address: string): string {
  let end = address.length;
  while (address[end - 1] === "/") end--;
  return address.slice(0, end);
}

/** A segment that is empty or of dots, and what stands in a path for a value that was not given. Proxies decode what is encoded. */
const OTHER_PATH = /\/(?:\.|%2e){0,2}(?=\/|$)|[{}]/i;

/**
 * Characters that a platform drops from a URL or reads as a slash, so that the URL would differ from the one that was checked; and a
 * fragment.
 */
const CHANGED = /[\t\n\r\\#]/;

/**
 * Refuses a URL that would carry the token and the key elsewhere, or be another call than the one that was asked for:
 * `/resellers/../orders` is `/orders`, and `/customers/` lists.
 * @param operation whose call it is, for the error
 * @throws {@link TypeError}
 */
export function checkUrl(baseUrl: string, url: string, operation?: string): void {
  const [path = ""] = url.slice(baseUrl.length).split("?", 1);
  const refused = (why: string) => new TypeError(operation ? `${operation}: ${why}` : why);
  if (CHANGED.test(url)) throw refused("A path must have no line break, tab, backslash or fragment.");
  if (url.startsWith(`${baseUrl}/`) && !OTHER_PATH.test(path.replace(/%2f|%5c/gi, "/"))) return;
  throw refused(
    "The call would leave the base URL, or become another one: a segment of its path is empty, of dots, or has no value.",
  );
}
