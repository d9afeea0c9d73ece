import type { SqlValue } from "@imcloud/sql";
import type { ColumnKind } from "./table-spec.ts";

/** A decimal number as the API writes it, as text or as a number. */
const DECIMAL = /^\s*([+-]?\d+(?:\.\d+)?)\s*$/;
/** The most digits of a decimal that every engine accepts; SQLite turns longer ones into infinity. */
const MOST_DIGITS = 300;
const DAY = /^\d{4}-\d\d-\d\d/;
const ZONE = /(?:Z|[+-]\d\d:?\d\d)$/i;

const FIRST_YEAR = Date.parse("0001-01-01T00:00:00Z");
const LAST_YEAR_END = Date.parse("9999-12-31T23:59:59.999Z");

/** Whether a time is outside the years that every engine supports. A time zone can move the first and the last date outside. */
const isOutside = (time: number): boolean => time < FIRST_YEAR || time > LAST_YEAR_END;

const decimalOf = (value: unknown): string | null => {
  // JavaScript may write a number with an exponent.
  if (typeof value === "number")
    return Number.isFinite(value) ? value.toFixed(10).replace(/\.0+$|(?<!0)0+$/, "") : null;
  const text = DECIMAL.exec(String(value))?.[1];
  return text === undefined || text.length > MOST_DIGITS ? null : text;
};

/** Reads a number, also from text. */
const numberOf = (value: unknown): number =>
  typeof value === "number" || (typeof value === "string" && value.trim()) ? Number(value) : Number.NaN;

/** Reads a day; `null` when it does not exist in the calendar or is not a day. */
function dayOf(value: unknown): string | null {
  const day = DAY.exec(String(value))?.[0];
  const time = day === undefined ? Number.NaN : Date.parse(`${day}T00:00:00Z`);
  return Number.isNaN(time) || isOutside(time) || !new Date(time).toISOString().startsWith(day as string)
    ? null
    : (day as string);
}

/**
 * Reads a time as milliseconds since 1970. The API writes it in several forms; without a time zone it is UTC (decision 0003).
 * `NaN` when it is not a time.
 */
function timeOf(value: unknown): number {
  const text = String(value).trim().replace(" ", "T");
  // `Date.parse` would turn a day that does not exist into one of the next month.
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

/** An unpaired surrogate, left where text was cut in the middle of a character. */
const LONE_SURROGATE = /\p{Surrogate}/gu;
const REPLACEMENT = "\ufffd";

/** Matches every JSON escape, so that an escaped backslash is not taken for the beginning of another. */
const ESCAPE = /\\(u0000|ud[89a-f][\da-f]{2}|.)/g;

/** Serializes to JSON that every engine accepts: PostgreSQL refuses the character 0 and unpaired surrogates, in text and in JSON. */
export const jsonOf = (value: unknown): string =>
  JSON.stringify(value).replace(ESCAPE, (all, what: string) => {
    if (what === "u0000") return "";
    return what.length > 1 ? REPLACEMENT : all;
  });

/** The deepest nesting that is stored. Engines and JavaScript itself fail at some thousands. */
const MAX_DEPTH = 100;

/** Replaces values that are nested deeper than any API response with `null`. */
export function shallow(value: unknown, depth = 0): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (depth >= MAX_DEPTH) return null;
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
