import { CommandError } from "./exit-codes.ts";

const DECIMAL = /^-?\d+(?:\.\d+)?$/;

/** A number in decimal digits; `undefined` for all else that JavaScript reads as one, such as `1e3` and `0x10`. */
export const decimal = (text: string): number | undefined => (DECIMAL.test(text) ? Number(text) : undefined);

/**
 * A whole number as it was typed, in decimal digits.
 * @param from the least one
 * @throws {@link CommandError} for all else
 */
export function wholeNumber(flag: string, text: string, from = 0): number {
  const number = decimal(text);
  if (number !== undefined && Number.isSafeInteger(number) && number >= from && !text.includes(".")) return number;
  throw new CommandError(`${flag} takes a whole number from ${from}; got "${text}".`);
}
