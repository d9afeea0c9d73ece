import type { IHttpOperationConfig, IHttpRequest } from "@stoplight/prism-http";

/** What a caller prefers of a response from the document's examples, as `Prefer` of Prism has it. */
export type Preferences = Partial<Pick<IHttpOperationConfig, "code" | "exampleKey" | "dynamic" | "seed">>;

/** A `Prefer` that cannot be read. Its message is a sentence for the caller. */
export class PreferenceError extends Error {
  override readonly name = "PreferenceError";
}

const QUOTED = String.raw`"(?:\\.|[^"\\])*"`;
const PREFERENCE = new RegExp(`(?:${QUOTED}|[^",])+`, "g");
const PARAMETER = new RegExp(`(?:${QUOTED}|[^";])+`);

/** The word of a preference; a quoted one without its quotes. */
function wordOf(text: string): string {
  const word = text.trim();
  return word.startsWith('"') ? word.slice(1, -1).replace(/\\(.)/g, "$1") : word;
}

/** The preferences of a `Prefer` header by their names in lower case; of several with one name the first counts (RFC 7240 §2). */
function parsePrefer(header: string): ReadonlyMap<string, string> {
  const preferences = new Map<string, string>();
  for (const [preference] of header.matchAll(PREFERENCE)) {
    // What stands behind a semicolon says more of a preference; those that a mock knows have no more to say.
    const [name = "", ...word] = (PARAMETER.exec(preference)?.[0] ?? "").split("=");
    const key = name.trim().toLowerCase();
    if (key !== "" && !preferences.has(key)) preferences.set(key, wordOf(word.join("=")));
  }
  return preferences;
}

type Value = string | readonly string[] | undefined;

/** Refuses a preference without a value, and one with several. */
function text(name: string, value: Value): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value === "string" && value !== "") return value;
  throw new PreferenceError(`Prefer: ${name} must have one value, for example ${name}=${SAMPLES[name]}.`);
}

const SAMPLES: Record<string, string> = { code: "404", example: "Customer", dynamic: "true", seed: "7" };

function code(value: Value): number | undefined {
  const given = text("code", value);
  if (given === undefined) return undefined;
  if (!/^\d{3}$/.test(given)) throw new PreferenceError("Prefer: code must be a status of three digits, such as 404.");
  return Number(given);
}

function flag(value: Value): boolean | undefined {
  const given = text("dynamic", value);
  if (given === undefined) return undefined;
  if (given !== "true" && given !== "false") throw new PreferenceError("Prefer: dynamic must be true or false.");
  return given === "true";
}

/**
 * What a request prefers, by its `Prefer` header, or without one by the query parameters `__code`, `__example`, `__dynamic` and
 * `__seed`, as stock Prism reads them.
 * @returns `undefined` when it prefers nothing
 * @throws {@link PreferenceError} when it cannot be read
 */
export function preferencesOf({ headers, url }: IHttpRequest): Preferences | undefined {
  const header = headers?.prefer;
  const { query = {} } = url;
  if (!header && !Object.keys(query).some((name) => name.startsWith("__"))) return undefined;
  const given = header ? parsePrefer(header) : undefined;
  const preferred = (name: string): Value => (given ? given.get(name) : query[`__${name}`]);
  const preferences = {
    code: code(preferred("code")),
    exampleKey: text("example", preferred("example")),
    dynamic: flag(preferred("dynamic")),
    seed: text("seed", preferred("seed")),
  };
  const known = Object.entries(preferences).filter(([, value]) => value !== undefined);
  return known.length ? Object.fromEntries(known) : undefined;
}
