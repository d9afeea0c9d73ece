/** A route: a method, a path template such as `/orders/{id}`, and a value. */
export interface Route<T> {
  method: string;
  path: string;
  value: T;
}

/** The result of matching a method and a path. */
export type PathMatch<T> =
  | {
      kind: "match";
      value: T;
      /** The matching template. */
      path: string;
      /** The values of the path's parameters by name, percent-decoded. */
      parameters: Record<string, string>;
    }
  /** The path is known, but not the method. `allowed` has its methods in upper case, for an `Allow` header. */
  | { kind: "methodNotAllowed"; path: string; allowed: string[] }
  | { kind: "pathUnknown" };

/** Finds the route of a request. Make one with {@link createPathMatcher}. */
export interface PathMatcher<T> {
  /** @param path percent-encoded, below the base URL and without a query */
  match(method: string, path: string): PathMatch<T>;
}

interface Template<T> {
  path: string;
  segments: Segment[];
  byMethod: Map<string, T>;
}

/** A segment of a template: fixed text, or a pattern with the names of its groups. `isWhole` when it is one parameter alone. */
type Segment = string | { pattern: RegExp; names: string[]; isWhole: boolean };

/** Percent-decodes a segment; an invalid one stays unchanged. */
export function decodeSegment(segment: string): string {
  if (!segment.includes("%")) return segment;
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

const escaped = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");

function segmentOf(text: string): Segment {
  const names: string[] = [];
  const parts = text.split(/\{([^{}]*)\}/).map((part, index) => {
    if (index % 2 === 0) return escaped(decodeSegment(part));
    names.push(part);
    return "(.+?)";
  });
  if (!names.length) return decodeSegment(text);
  return { pattern: new RegExp(`^${parts.join("")}$`, "s"), names, isWhole: parts.join("") === "(.+?)" };
}

const fits = (segment: Segment, text: string): boolean =>
  typeof segment === "string" ? segment === text : segment.pattern.test(text);

/** The parameters of a path that fits a template. Both are in segments. */
const parametersIn = (template: Segment[], path: string[]): Record<string, string> =>
  Object.fromEntries(
    template.flatMap((segment, at) => {
      if (typeof segment === "string") return [];
      const [, ...values] = segment.pattern.exec(String(path[at])) ?? [];
      return segment.names.map((name, index) => [name, String(values[index])]);
    }),
  );

/** At the first segment where two templates differ in kind, fixed text takes precedence over a parameter. */
function byFixedFirst<T>(one: Template<T>, other: Template<T>): number {
  for (const [index, segment] of one.segments.entries()) {
    const difference = rank(segment) - rank(other.segments[index]);
    if (difference) return difference;
  }
  return 0;
}

/** Fixed text, then a parameter with text around it, then a parameter alone. */
const rank = (segment: Segment | undefined) => (typeof segment !== "object" ? 0 : segment.isWhole ? 2 : 1);

/**
 * Finds operations by method and path, for any methods and any number of parameters. A fixed segment takes precedence over a parameter,
 * from the left: `/orders/estimate` is no order. A parameter is never empty, and a slash at the end makes another path.
 */
export function createPathMatcher<T>(routes: Iterable<Route<T>>): PathMatcher<T> {
  const templates = new Map<string, Template<T>>();
  for (const { method, path, value } of routes) {
    const template = templates.get(path) ?? {
      path,
      segments: path.split("/").map(segmentOf),
      byMethod: new Map<string, T>(),
    };
    template.byMethod.set(method.toUpperCase(), value);
    templates.set(path, template);
  }
  // Grouped by length, so that a path is compared only with templates of its length. `Map.groupBy` is missing in Node 20.
  const byLength = new Map<number, Template<T>[]>();
  for (const template of [...templates.values()].sort(byFixedFirst)) {
    const { length } = template.segments;
    byLength.set(length, [...(byLength.get(length) ?? []), template]);
  }

  function find(method: string, segments: string[]): PathMatch<T> {
    const template = byLength
      .get(segments.length)
      ?.find((each) => each.segments.every((segment, at) => fits(segment, String(segments[at]))));
    if (!template) return { kind: "pathUnknown" };
    const { path, byMethod } = template;
    const name = method.toUpperCase();
    return byMethod.has(name)
      ? { kind: "match", value: byMethod.get(name) as T, path, parameters: parametersIn(template.segments, segments) }
      : { kind: "methodNotAllowed", path, allowed: [...byMethod.keys()] };
  }

  return { match: (method, path) => find(method, path.split("/").map(decodeSegment)) };
}

/** Finds the route of a path below an unknown base path: that of the longest matching suffix. */
export function matchEnd<T>(matcher: PathMatcher<T>, method: string, path: string): PathMatch<T> {
  const segments = path.split("/").filter(Boolean);
  const ends = segments.map((_, start) => matcher.match(method, `/${segments.slice(start).join("/")}`));
  return (
    ends.find(({ kind }) => kind === "match") ??
    ends.find(({ kind }) => kind === "methodNotAllowed") ?? { kind: "pathUnknown" }
  );
}
