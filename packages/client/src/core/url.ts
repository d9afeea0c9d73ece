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

/** A path whose `{names}` stand for values. */
export const fillPath = (template: string, values: Record<string, string> = {}): string =>
  template.replace(/\{(\w+)\}/g, (all, name) => encodeURIComponent(values[name] ?? all));

/** A query with its question mark, if there is one. */
export function toSearch(query?: object): string {
  const search = query && toQuery(query);
  return search ? `?${search}` : "";
}
