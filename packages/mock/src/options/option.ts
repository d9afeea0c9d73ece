import { MAX_DELAY } from "../core/faults/delays.ts";
import { formatValue } from "../core/format-value.ts";
import { optionError } from "../core/option-names.ts";

/** Checks a value, and says in words what is valid. */
interface Check<T> {
  /** What the option takes, in words: `a whole number from 0 to 65535`. */
  takes: string;
  isRight(value: unknown): value is T;
  /** A word of the command line as a value; `undefined` when it is none. */
  fromText(text: string): unknown;
}

/** An option: its check, its default, and how the command line has it. */
export interface Option<T> extends Check<T> {
  /** Its default; `undefined` where it has none. */
  default?: T;
  /** What `--help` says of it. */
  help: string;
  /** Its word on the command line, without the dashes; an option without one is for programs alone. */
  flag?: string;
  /** Its value names a file; in a config file, from the folder of that file on. */
  isFile?: boolean;
  /** Its words on the command line are its words in a config file too, as JSON has none for its values. */
  isText?: boolean;
  /** What stands for its value in `--help`; an option without one takes no value. */
  placeholder?: string;
}

/** An option that always has a value. */
export interface DefaultedOption<T> extends Option<T> {
  default: T;
}

type Settings<T> = Pick<Option<T>, "help"> & { [Key in "default" | "flag" | "placeholder"]?: Option<T>[Key] };

/** The type of the values that an option takes. */
export type ValueOf<O> = O extends { isRight(value: unknown): value is infer T } ? T : never;

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

/** An object whose members can be seen: no list, and no Map or promise, which would be taken for an empty one. */
const isPlain = (value: unknown): value is Record<string, unknown> =>
  Object.prototype.toString.call(value) === "[object Object]" ||
  Object.prototype.toString.call(value) === "[object Module]";

/** A number of decimal digits. `1e3`, `0x10` and ` 1 ` are numbers to JavaScript, and to nobody who types an option. */
const numberFrom = (text: string) => (/^-?\d+(?:\.\d+)?$/.test(text) ? Number(text) : undefined);

/** The same, without a fraction. */
const wholeFrom = (text: string) => (/^-?\d+$/.test(text) ? Number(text) : undefined);

/** A number from one to another, both included. */
export function number<S extends Settings<number>>(
  { min, max = Number.MAX_SAFE_INTEGER, isWhole = true }: { min: number; max?: number; isWhole?: boolean },
  settings: S,
): Option<number> & S {
  const upTo = max === Number.MAX_SAFE_INTEGER ? "" : ` to ${max}`;
  return {
    placeholder: "N",
    ...settings,
    takes: `a ${isWhole ? "whole " : ""}number from ${min}${upTo}`,
    isRight: (value): value is number =>
      typeof value === "number" && value >= min && value <= max && (!isWhole || Number.isInteger(value)),
    fromText: isWhole ? wholeFrom : numberFrom,
  };
}

/** A text that is not empty. */
export const text = <S extends Settings<string>>(what: string, settings: S): Option<string> & S => ({
  ...settings,
  takes: what,
  isRight: (value): value is string => typeof value === "string" && value !== "",
  fromText: (word) => word,
});

/** A name that a server can be called by: no address, and nothing that a `Host` header cannot hold. */
const HOST_NAME = /^[^\s/@?#,]+$/;

/** Names of hosts, with commas between them. */
export const hostNames = <S extends Settings<string>>(what: string, settings: S): Option<string> & S => ({
  ...text(what, settings),
  isRight: (value): value is string =>
    typeof value === "string" && value.split(",").every((name) => HOST_NAME.test(name.trim())),
});

/** The name of a file. */
export const fileName = <S extends Settings<string>>(what: string, settings: S): Option<string> & S => ({
  ...text(what, { placeholder: "FILE", ...settings }),
  isFile: true,
});

/** The name of a file of data, or for programs the data. */
export const fileOf = <T extends object>(what: string, settings: Settings<T | string>): Option<T | string> => ({
  placeholder: "FILE",
  ...settings,
  takes: what,
  isFile: true,
  isRight: (value): value is T | string => (typeof value === "string" ? value !== "" : isPlain(value)),
  fromText: (word) => word,
});

/**
 * Reads an address.
 * @param name the option that it is the value of
 * @param parts what it may have besides its origin
 * @throws {@link TypeError} with a message for people when it is not an http or https URL, or has more to it than it is used for
 */
export function parseUrl(name: string, url: string, parts: "path" | "origin"): URL {
  const parsed = /^https?:\/\//i.test(url) && URL.canParse(url) ? new URL(url) : undefined;
  const isMore = parsed && (parsed.username || parsed.password || parsed.search || parsed.hash);
  if (parsed && !isMore && (parts === "path" || parsed.pathname === "/")) return parsed;
  const takes = parts === "path" ? "an http or https URL without a query" : "an http or https URL without a path";
  throw optionError(TypeError, (of) => `${of(name)} takes ${takes}; got ${formatValue(url)}.`);
}

/** One of some words, in exactly this case. */
export const choice = <Word extends string, S extends Settings<Word>>(
  words: readonly Word[],
  settings: S,
): Option<Word> & S => ({
  ...settings,
  takes: `one of ${words.join(", ")}`,
  isRight: (value): value is Word => words.some((word) => word === value),
  fromText: (word) => word,
});

/** Yes or no; on the command line a word without a value, which turns the default around. */
export const flag = <S extends Settings<boolean> & { default: boolean }>(settings: S): Option<boolean> & S => ({
  ...settings,
  takes: "true or false",
  isRight: (value): value is boolean => typeof value === "boolean",
  fromText: () => !settings.default,
});

/** A date and a time with its zone, by RFC 3339; the seconds may be left out. */
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)$/i;

/** Whether the day of a time exists: JavaScript reads 30 February as 2 March. */
function isDay(time: string): boolean {
  const day = time.replace(/T.*/is, "");
  const date = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day);
}

/** A time; as a text, one with its zone. */
export const time = <S extends Settings<Date>>(settings: S): Option<Date> & S => ({
  ...settings,
  isText: true,
  takes: "a date, on the command line now or one like 2026-10-05T12:00:00Z",
  isRight: (value): value is Date => value instanceof Date && !Number.isNaN(value.getTime()),
  fromText: (word) => (word === "now" ? new Date() : TIME.test(word) && isDay(word) ? new Date(word) : undefined),
});

/** Milliseconds, or two between which they are. */
export type Duration = number | { from: number; to: number };

const isMilliseconds = (value: unknown): value is number =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) <= MAX_DELAY;

/** Milliseconds, or two between which they are; on the command line like `20-80`. */
export const duration = <S extends Settings<Duration>>(settings: S): Option<Duration> & S => ({
  placeholder: "N",
  ...settings,
  takes: `a whole number of milliseconds up to ${MAX_DELAY}, or two of them with the lower one first`,
  isRight: (value): value is Duration =>
    isMilliseconds(value) ||
    (isObject(value) && isMilliseconds(value.from) && isMilliseconds(value.to) && value.from <= value.to),
  fromText(word) {
    const [from = "", to, ...more] = word.split("-");
    if (more.length) return undefined;
    return to === undefined ? wholeFrom(from) : { from: wholeFrom(from), to: wholeFrom(to) };
  },
});

/** A function, for programs alone. */
export const callback = <F extends (...args: never[]) => unknown>(settings: Settings<F>): Option<F> => ({
  ...settings,
  takes: "a function",
  isRight: (value): value is F => typeof value === "function",
  fromText: () => undefined,
});

/** An object whose own check is made where it is used. */
export const object = <T extends object>(what: string, settings: Settings<T>): Option<T> => ({
  ...settings,
  takes: what,
  isRight: (value): value is T => isPlain(value),
  fromText: () => undefined,
});

/** The values of options, of which some are set. */
export type OptionValues<Table> = { [Name in keyof Table]?: ValueOf<Table[Name]> };

/** The values of options, those with a default always. */
export type ResolvedOptions<Table> = {
  [Name in keyof Table]: Table[Name] extends { default: unknown }
    ? ValueOf<Table[Name]>
    : ValueOf<Table[Name]> | undefined;
};

/**
 * Checks options, and gives them with their defaults.
 * @throws {@link TypeError} with a message for people for an unknown option, or a value that it does not take
 */
export function resolveOptions<Table extends object>(
  table: Table,
  values: OptionValues<Table>,
): ResolvedOptions<Table> {
  if (!isObject(values) || Array.isArray(values))
    throw new TypeError(`The options are an object; got ${formatValue(values)}.`);
  const options = table as Readonly<Record<string, Option<unknown>>>;
  for (const [name, value] of Object.entries(values)) {
    const option = Object.hasOwn(options, name) ? options[name] : undefined;
    if (!option) throw new TypeError(`There is no option "${name}"; there are ${Object.keys(options).join(", ")}.`);
    if (value !== undefined && !option.isRight(value)) {
      throw optionError(TypeError, (of) => `${of(name)} takes ${option.takes}; got ${formatValue(value)}.`);
    }
  }
  return Object.fromEntries(
    Object.entries(options).map(([name, option]) => [
      name,
      (values as Record<string, unknown>)[name] ?? option.default,
    ]),
  ) as ResolvedOptions<Table>;
}
