type Value = string | number | boolean;

/** A query as the API reads it: values that are `undefined` left out, a list as its name once for each. */
export function toQuery(values: object = {}): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(values) as [string, Value | Value[] | null | undefined][]) {
    for (const each of [value ?? []].flat()) query.append(name, String(each));
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
