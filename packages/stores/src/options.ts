type Rule = (value: unknown, name: string) => void;

/** A rule for what a test says. What was given is not shown: it may be a secret. */
export const oneOfKinds =
  (expected: string, isValid: (value: never) => unknown): Rule =>
  (value, name) => {
    if (!isValid(value as never)) throw new TypeError(`${name} must be ${expected}; got ${typeof value}.`);
  };

/** A text that is not empty. */
export const text = oneOfKinds("a string that is not empty", (value) => typeof value === "string" && value);

/** An object with any of some methods. */
export const having = (...methods: string[]): Rule =>
  oneOfKinds(`an object with ${methods.join(" or ")}`, (value: Record<string, unknown> | null) =>
    methods.some((name) => typeof value?.[name] === "function"),
  );

/** A whole number from 1. */
export const wholeNumber: Rule = (value, name) => {
  if (Number.isSafeInteger(value) && (value as number) >= 1) return;
  throw new TypeError(`${name} must be a whole number from 1; got ${String(value)}.`);
};

/** Milliseconds that a timer can hold: one of more would end at once. */
export const milliseconds: Rule = (value, name) => {
  wholeNumber(value, name);
  if ((value as number) >= 2 ** 31) throw new TypeError(`${name} must be below ${2 ** 31}; got ${String(value)}.`);
};

/**
 * Refuses options that nobody knows, that are missing, or that break their rules. What is `undefined` is not given.
 * @throws {@link TypeError} with the name
 */
export function checkOptions(
  rules: Record<string, Rule>,
  options: object,
  of: string,
  required: readonly string[] = [],
): void {
  const isPlain = /^\[object Object\]$/.test(Object.prototype.toString.call(options));
  if (!isPlain) throw new TypeError(`${of} must be an object of options.`);
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  for (const name of required) {
    if (!given.some(([other]) => other === name)) throw new TypeError(`${of}.${name} is missing.`);
  }
  for (const [name, value] of given) {
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
    if (!rule) throw new TypeError(`${of}.${name} is no option. There are: ${Object.keys(rules).join(", ")}.`);
    rule(value, `${of}.${name}`);
  }
}
