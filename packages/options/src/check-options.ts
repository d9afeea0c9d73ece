/** Timers hold no more milliseconds than this; longer ones would fire at once. */
export const LONGEST_TIMEOUT: number = 2 ** 31 - 1;

/**
 * Refuses a value that is not what an option must be.
 * @throws {@link TypeError} with the option's name, and with what was given where that can be no secret
 */
export type Rule = (value: unknown, name: string) => void;

/** The rules of an object of options, by name. There is one for each option, so that a new one cannot be forgotten. */
export type Rules<Options> = { readonly [Name in keyof Required<Options>]: Rule };

/** The kind of a value, which can be shown of a secret too. */
const kindOf = (value: unknown): string =>
  value === null ? "null" : typeof value === "object" ? String(value.constructor?.name) : typeof value;

/** A value that is no secret, as an error shows it. */
export const quote = (value: unknown): string => {
  if (typeof value === "string") return JSON.stringify(value).slice(0, 40);
  return /^(number|bigint|boolean)$/.test(typeof value) ? String(value).slice(0, 40) : kindOf(value);
};

/** Whether a value is an object that can hold options. */
export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * Whether what an object holds can be seen in it: not in a `Map`, a promise or `URLSearchParams`, which would be taken for empty ones.
 */
export function isReadable(value: unknown): value is Record<string, unknown> {
  if (!isObject(value)) return false;
  const parent = Object.getPrototypeOf(value);
  return Object.keys(value).length > 0 || parent === null || Object.getPrototypeOf(parent) === null;
}

/** A rule for what a test says. */
export const must =
  (expected: string, isValid: (value: never) => unknown, show: (value: unknown) => string = kindOf): Rule =>
  (value, name) => {
    if (!isValid(value as never)) throw new TypeError(`${name} must be ${expected}; got ${show(value)}.`);
  };

/** An object whose fields can be seen. */
export const readable = (what: string): Rule => must(what, isReadable, kindOf);

/**
 * Refuses options that nobody knows, and values that break their rules. What is `undefined` is not given.
 * @param of what they are the options of, for example `retry`; empty for those of the client
 * @param required names that must be given
 * @throws {@link TypeError} with the name, and with what was given where that can be no secret
 */
export function checkOptions<Options extends object>(
  rules: Rules<Options>,
  options: unknown,
  of = "",
  required: readonly (keyof Options)[] = [],
): void {
  const known = () => Object.keys(rules).join(", ");
  // What stands in the place of options can be one of them, such as a password.
  if (!isReadable(options)) must(`an object of ${known()}`, () => false)(options, of || "options");
  for (const name of [...required, ...Object.keys(options as Options)] as (keyof Options & string)[]) {
    const value = (options as Options)[name];
    const where = of ? `${of}.${name}` : name;
    if (value === undefined && !required.includes(name)) continue;
    if (!Object.hasOwn(rules, name)) throw new TypeError(`${where} is not an option. There are: ${known()}.`);
    rules[name](value, where);
  }
}

/** A text without halves of characters, which UTF-8 cannot hold: it would be another text. */
export const wholeText: Rule = /* @__PURE__ */ must(
  "a string of whole characters",
  (value: string) => !/\p{Cs}/u.test(value),
);

const filled: Rule = /* @__PURE__ */ must("a string that is not empty", (value) => typeof value === "string" && value);

/** A string that is not empty. */
export const text: Rule = (value, name) => {
  filled(value, name);
  wholeText(value, name);
};

/** What can be looped over. */
export const iterable: Rule = /* @__PURE__ */ must(
  "an array, or what else can be looped over",
  (value: Partial<Iterable<unknown>> | undefined) => typeof value?.[Symbol.iterator] === "function",
);

/** A whole number, as large as a timer can hold where nothing else is said. */
export const wholeNumber = (least: number, most: number = LONGEST_TIMEOUT): Rule =>
  must(
    `a whole number from ${least} to ${most}`,
    (value: number) => Number.isInteger(value) && value >= least && value <= most,
    quote,
  );

/** Milliseconds that a timer can hold, also parts of one. */
export const milliseconds: Rule = /* @__PURE__ */ must(
  `a number of milliseconds from 0 to ${LONGEST_TIMEOUT}`,
  (value) => typeof value === "number" && value >= 0 && value <= LONGEST_TIMEOUT,
  quote,
);

/** One of some values. */
export const oneOf = (...values: readonly (string | boolean)[]): Rule =>
  must(values.map(quote).join(" or "), (value) => values.includes(value), quote);

/** A function. */
export const callable: Rule = /* @__PURE__ */ must("a function", (value) => typeof value === "function");

/** Whether a value is an object with some methods. */
export const hasMethods = (value: unknown, ...methods: string[]): boolean =>
  isObject(value) && methods.every((name) => typeof value[name] === "function");

/** An object with some methods. */
export const having = (...methods: string[]): Rule =>
  must(`an object with ${methods.join(", ")}`, (value) => hasMethods(value, ...methods));

/** An object of options with rules of their own. */
export const group =
  <Options extends object>(rules: Rules<Options>, ...required: (keyof Options)[]): Rule =>
  (value, name) =>
    checkOptions(rules, value, name, required);

/** What another rule says, or `false`. */
export const orFalse =
  (rule: Rule): Rule =>
  (value, name) => {
    if (value !== false) rule(value, name);
  };

/** A signal; its controller is often given by mistake. */
export const abortSignal: Rule = /* @__PURE__ */ must(
  "an AbortSignal, such as controller.signal",
  (value: Partial<AbortSignal>) => typeof value?.aborted === "boolean" && hasMethods(value, "addEventListener"),
);
