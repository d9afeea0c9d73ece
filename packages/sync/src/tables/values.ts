import type { SqlValue } from "@imcloud/sql";
import type { ColumnKind } from "./table-spec.ts";

/** A decimal number as the API writes it, also one that it writes as a number. */
const DECIMAL = /^\s*([+-]?\d+(?:\.\d+)?)\s*$/;
/** Digits of a decimal that every engine takes; SQLite makes one of more infinite. */
const MOST_DIGITS = 300;
const DAY = /^\d{4}-\d\d-\d\d/;
const ZONE = /(?:Z|[+-]\d\d:?\d\d)$/i;

const FIRST_YEAR = Date.parse("0001-01-01T00:00:00Z");
const LAST_YEAR_END = Date.parse("9999-12-31T23:59:59.999Z");

/** Whether a moment is in no year that every engine has. A zone can push the least and the greatest date out of theirs. */
const isOutside = (time: number): boolean => time < FIRST_YEAR || time > LAST_YEAR_END;

const decimalOf = (value: unknown): string | null => {
  // A number in JavaScript's own notation can have an exponent.
  if (typeof value === "number")
    return Number.isFinite(value) ? value.toFixed(10).replace(/\.0+$|(?<!0)0+$/, "") : null;
  const text = DECIMAL.exec(String(value))?.[1];
  return text === undefined || text.length > MOST_DIGITS ? null : text;
};

/** A number that is one, or is written as a text. */
const numberOf = (value: unknown): number =>
  typeof value === "number" || (typeof value === "string" && value.trim()) ? Number(value) : Number.NaN;

/** A day that exists; `null` for another text. */
function dayOf(value: unknown): string | null {
  const day = DAY.exec(String(value))?.[0];
  const time = day === undefined ? Number.NaN : Date.parse(`${day}T00:00:00Z`);
  return Number.isNaN(time) || isOutside(time) || !new Date(time).toISOString().startsWith(day as string)
    ? null
    : (day as string);
}

/**
 * A moment in milliseconds since 1970. The API writes it in several forms, some without a zone, which is UTC then (decision 0003).
 * `NaN` for what is none.
 */
export function timeOf(value: unknown): number {
  const text = String(value).trim().replace(" ", "T");
  // A day that does not exist would be one of the next month.
  if (dayOf(text) === null) return Number.NaN;
  return Date.parse(text.length === 10 || ZONE.test(text) ? text : `${text}Z`);
}

function momentOf(value: unknown): string | null {
  const time = timeOf(value);
  return Number.isNaN(time) || isOutside(time) ? null : new Date(time).toISOString();
}

function wholeOf(value: unknown): number | null {
  const number = numberOf(value);
  return Number.isSafeInteger(number) ? number : null;
}

const textOf = (value: unknown): string => (typeof value === "object" ? jsonOf(value) : String(value));

/** A half of a character, as it is left where a text was cut. */
const LONE_SURROGATE = /\p{Surrogate}/gu;
const REPLACEMENT = "\ufffd";

/** Each escape of JSON, so that a backslash that is itself escaped begins none. */
const ESCAPE = /\\(u0000|ud[89a-f][\da-f]{2}|.)/g;

/** JSON that every engine takes: PostgreSQL refuses the character 0 and halves of characters, in text and in JSON. */
export const jsonOf = (value: unknown): string =>
  JSON.stringify(value).replace(ESCAPE, (all, what: string) => {
    if (what === "u0000") return "";
    return what.length > 1 ? REPLACEMENT : all;
  });

/** Lists and objects within each other that are kept. Engines and JavaScript itself fail at some thousands. */
const DEEPEST = 100;

/** A value without what is deeper in it than anything that the API means: that is `null`. */
export function shallow(value: unknown, depth = 0): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (depth >= DEEPEST) return null;
  if (Array.isArray(value)) return value.map((each) => shallow(each, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, shallow(each, depth + 1)]));
}

/** Characters of a text that rows are found by: PostgreSQL has no index of more than some 2,700 bytes. */
const LONGEST_INDEXED = 500;

/** The beginning of a text that rows are found by. The JSON has all of it. */
export const shortText = (text: string): string => text.slice(0, LONGEST_INDEXED).replace(LONE_SURROGATE, REPLACEMENT);

const TRUTH: Readonly<Record<string, number>> = { true: 1, false: 0, 1: 1, 0: 0 };

const CONVERSIONS: Record<ColumnKind, (value: unknown) => SqlValue> = {
  text: (value) => textOf(value).replaceAll("\0", "").replace(LONE_SURROGATE, REPLACEMENT),
  integer: wholeOf,
  decimal: decimalOf,
  real: (value) => (Number.isFinite(numberOf(value)) ? numberOf(value) : null),
  boolean: (value) => TRUTH[String(value)] ?? null,
  date: dayOf,
  timestamp: momentOf,
  json: jsonOf,
};

/**
 * What a column keeps of a member of a response. What is not of the column's kind is `null` there, as the platform can send what the
 * document does not expect; the JSON beside the columns has it.
 */
export const toColumn = (kind: ColumnKind, value: unknown): SqlValue =>
  value === undefined || value === null || value === "" ? null : CONVERSIONS[kind](value);
