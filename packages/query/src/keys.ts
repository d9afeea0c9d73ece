import type { SkipToken } from "@tanstack/query-core";

/** What all keys begin with, so that they are apart from the keys of the app. */
export const KEY_ROOT = "imcloud";

/**
 * The key of an operation's data: `["imcloud", "customers", "list", { name: "Lindmark" }]`. A prefix of it is the key of everything
 * below. In a scope, its first member is `imcloud:` and the name of the scope.
 */
export type OperationKey = readonly [
  typeof KEY_ROOT | `${typeof KEY_ROOT}:${string}`,
  resource: string,
  method: string,
  ...input: unknown[],
];

/** Whose data it is. */
export interface ScopeOptions {
  /**
   * A name for the account and marketplace of a client, where several share a `QueryClient`: their keys are apart then.
   * @defaultValue none: keys say nothing of who is signed in
   */
  scope?: string;
}

/**
 * The key of an operation in a scope, for example for `invalidateQueries` in one account of several. All of a scope is below
 * `["imcloud:se"]`.
 * @param scope as in {@link ScopeOptions}
 */
export const scopedKey = (key: OperationKey, scope: string | undefined): OperationKey => {
  if (!Array.isArray(key)) throw new TypeError("scopedKey needs the key of an operation, such as orders.list.key.");
  if (scope !== undefined && typeof scope !== "string") throw new TypeError("The scope of a key must be a string.");
  const root = scope === undefined ? KEY_ROOT : (`${KEY_ROOT}:${scope}` as const);
  return [root, ...(key.slice(1) as [string, string, ...unknown[]])];
};

/** Input as it is, or `skipToken` as long as it is not known. */
export type Skippable<Input extends readonly unknown[]> = { [At in keyof Input]: Input[At] | SkipToken };

/**
 * A value as a part of a key: equal requests have equal keys. Dates are strings, and `undefined` is left out. What the client refuses is
 * named by its kind, so that it has no key of a valid request, and the query fails with the client's error.
 * @param holders the objects that hold the value
 */
function keyPart(value: unknown, holders: readonly object[] = []): unknown {
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "function" || typeof value === "symbol") return typeof value;
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "Invalid Date" : value.toISOString();
  if (holders.includes(value)) return "[Circular]";
  const inside = [...holders, value];
  if (Array.isArray(value)) return value.map((item) => keyPart(item, inside));
  const members = Object.entries(value);
  // A Map, URLSearchParams or a promise, which would be taken for an empty object.
  const kind = Object.prototype.toString.call(value);
  if (!members.length && kind !== "[object Object]") return kind;
  return Object.fromEntries(
    members.filter(([, member]) => member !== undefined).map(([name, member]) => [name, keyPart(member, inside)]),
  );
}

/** What an operation takes before its options: the values of its path, then a query or a body. */
export interface InputShape {
  /** Values in the path. */
  path: number;
  /** Whether a query or a body follows. */
  hasBody: boolean;
}

/** `skipToken` is a symbol, whichever copy of TanStack Query it is from. */
const isSkipped = (value: unknown): value is SkipToken => typeof value === "symbol";

/** The arguments of an operation, separated. */
export interface SplitArguments {
  /** What the client's method takes before its options. */
  input: unknown[];
  options: object;
  scope: string | undefined;
  /** What the caller gave in place of something that is not known yet. */
  skip: SkipToken | undefined;
}

/** @throws {@link TypeError} for options that are no object, whose members would be ignored */
export function checkGiven(what: string, options: unknown): void {
  if (options === undefined || (typeof options === "object" && options !== null)) return;
  throw new TypeError(`The options of ${what} must be an object; got ${options === null ? "null" : typeof options}.`);
}

/** @throws {@link TypeError} for what is not a client: it does not have the resource */
export function checkClient(resource: string, name: string, client: unknown): void {
  if ((Object(client) as Record<string, unknown>)[resource]) return;
  const given = client === null ? "null" : typeof client;
  throw new TypeError(`${resource}.${name} needs a client of createClient; got ${given}.`);
}

/**
 * Separates input from options.
 * @throws {@link TypeError} for options that are no object
 */
export function splitArguments({ path, hasBody }: InputShape, given: readonly unknown[]): SplitArguments {
  const count = path + Number(hasBody);
  const input = Array.from({ length: count }, (_, at) => given[at]);
  checkGiven("a query", given[count]);
  const { scope, ...options } = (given[count] ?? {}) as ScopeOptions;
  return { input, options, scope, skip: input.find(isSkipped) };
}

/** The key of some input; of `skipToken`, the key that is above all of the operation's. */
export function keyOf(
  key: OperationKey,
  { input, scope, skip }: SplitArguments,
  { hasBody, path }: InputShape,
): OperationKey {
  const prefix = scopedKey(key, scope);
  if (skip) return prefix;
  const parts = input.map((value, at) => keyPart(hasBody && at === path && value === undefined ? {} : value));
  return [...prefix, ...parts] as unknown as OperationKey;
}
