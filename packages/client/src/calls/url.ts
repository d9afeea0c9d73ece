type Value = string | number | boolean;

/** A query as the API reads it: values that are `undefined` left out, a list as its name once for each. */
export function queryOf(values: object = {}): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(values) as [string, Value | Value[] | null | undefined][]) {
    for (const each of [value ?? []].flat()) query.append(name, String(each));
  }
  // A plus means a space in forms only.
  return String(query).replaceAll("+", "%20");
}

/** The URL of a path whose `{names}` stand for values. */
export function urlOf(path: string, baseUrl: string, values: Record<string, string> = {}, query?: object): string {
  const filled = path.replace(/\{(\w+)\}/g, (all, name) => encodeURIComponent(values[name] ?? all));
  const search = queryOf(query);
  return baseUrl + filled + (search && `?${search}`);
}
