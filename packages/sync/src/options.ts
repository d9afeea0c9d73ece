/** Refuses a value that is not what an option must be. */
type Rule = (value: unknown, name: string) => void;

/** A rule for what a test says. What was given is not shown: it may be a secret. */
export const must =
  (expected: string, isValid: (value: never) => unknown): Rule =>
  (value, name) => {
    if (!isValid(value as never)) throw new TypeError(`${name} must be ${expected}; got ${typeof value}.`);
  };

/** A text that is not empty. */
export const text: Rule = must("a string that is not empty", (value) => typeof value === "string" && value);

/** A whole number. */
export const wholeNumber =
  (least: number, most = Number.MAX_SAFE_INTEGER): Rule =>
  (value, name) => {
    if (Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most) return;
    throw new TypeError(`${name} must be a whole number from ${least} on; got ${String(value)}.`);
  };

/** A function. */
export const callable: Rule = must("a function", (value) => typeof value === "function");

/** An object with some methods. */
export const having = (...methods: string[]): Rule =>
  must(`an object with ${methods.join(", ")}`, (value: Record<string, unknown> | null) =>
    methods.every((name) => typeof value?.[name] === "function"),
  );

/** The rules of an object of options, by name. There is one for each, so that a new one cannot be forgotten. */
export type Rules<Options> = { readonly [Name in keyof Required<Options>]: Rule };

/**
 * Refuses options that nobody knows, that are missing, or that break their rules. What is `undefined` is not given.
 * @throws {@link TypeError} with the name
 */
export function checkOptions<Options extends object>(
  rules: Rules<Options>,
  options: Options,
  of: string,
  required: readonly (keyof Options)[] = [],
): void {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw new TypeError(`${of} must be an object of options.`);
  }
  for (const name of required) {
    if (options[name] === undefined) throw new TypeError(`${of}.${String(name)} is missing.`);
  }
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(rules, name)) {
      throw new TypeError(`${of}.${name} is no option. There are: ${Object.keys(rules).join(", ")}.`);
    }
    if (value !== undefined) rules[name as keyof Options](value, `${of}.${name}`);
  }
}
