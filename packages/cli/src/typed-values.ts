import { CommandError } from "./exit-codes.ts";

const DECIMAL = /^-?\d+(?:\.\d+)?$/;

/** A number in decimal digits; `undefined` for all else that JavaScript reads as one, such as `1e3` and `0x10`. */
export const decimal = (text: string): number | undefined => (DECIMAL.test(text) ? Number(text) : undefined);

/** The largest number that options take which bound nothing themselves. */
const LARGEST = 2 ** 31 - 1;

/**
 * A whole number as it was typed, in decimal digits.
 * @param flag as it was typed, for the error; so in all functions of this file
 * @param least the smallest that is taken
 * @param most the largest
 * @throws {@link CommandError} for all else
 */
export function wholeNumber(flag: string, text: string, least = 0, most = LARGEST): number {
  const number = decimal(text);
  const isFitting = Number.isSafeInteger(number) && Number(number) >= least && Number(number) <= most;
  if (isFitting && !text.includes(".")) return Number(number);
  const isBounded = most !== LARGEST || Number(number) > most;
  throw new CommandError(`${flag} takes a whole number from ${least}${isBounded ? ` to ${most}` : ""}; got "${text}".`);
}

/**
 * One of some values.
 * @throws {@link CommandError} for all else
 */
export function oneOf<Value extends string>(flag: string, text: string, values: readonly Value[]): Value {
  const found = values.find((value) => value === text);
  if (found !== undefined) return found;
  throw new CommandError(`${flag} takes one of ${values.join(", ")}; got "${text}".`);
}

const DAY = /^\d{4}-\d\d-\d\d$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?$/;

/** Whether a text begins with a day that exists. `Date` silently reads the 30th of February as a day of March. */
function beginsWithDay(text: string): boolean {
  const day = text.slice(0, 10);
  const time = new Date(`${day}T00:00Z`);
  return !Number.isNaN(time.getTime()) && time.toISOString().startsWith(day);
}

/** Whether a text is a day without a time. */
export const isDay = (text: string): boolean => DAY.test(text) && beginsWithDay(text);

/** Whether a text is a day or a time in ISO 8601. `Date` reads much else, such as `-5`. */
export const isTime = (text: string): boolean =>
  isDay(text) || (TIME.test(text) && beginsWithDay(text) && !Number.isNaN(Date.parse(text)));

/**
 * A day, as it was typed.
 * @throws {@link CommandError} for all else
 */
export function day(flag: string, text: string): string {
  if (isDay(text)) return text;
  throw new CommandError(`${flag} takes a day such as 2026-10-05; got "${text}".`);
}

/**
 * A day or a time, as it was typed.
 * @throws {@link CommandError} for all else
 */
export function time(flag: string, text: string): string {
  if (isTime(text)) return text;
  throw new CommandError(
    `${flag} takes a day such as 2026-10-05, or a time such as 2026-10-05T14:30:00Z; got "${text}".`,
  );
}

/**
 * A period between two days or times, each of which is meant as a whole.
 * @throws {@link CommandError} when they are none, or the last is before the first
 */
export function period(
  first: [flag: string, text: string],
  last: [flag: string, text: string],
): { from: Date; to: Date } {
  const [from, to] = [new Date(time(...first)), new Date(isDay(time(...last)) ? `${last[1]}T23:59:59.999Z` : last[1])];
  if (from <= to) return { from, to };
  throw new CommandError(`${last[0]} must not be before ${first[0]}; got "${last[1]}" and "${first[1]}".`);
}
