import type { Money } from "@imcloud/spec";

/** Amounts are whole cents, so that sums are exact; the prices of units may have parts of one. Decimals are used only in requests and responses. */
export type Cents = number;

/** Parses a decimal amount such as `18.60` to cents, rounded half away from zero. */
export function centsOf({ amount }: Pick<Money, "amount">): Cents {
  return round(Number(amount) * 100);
}

/** Parses the price of a unit, which may have parts of a cent: they count where there are many units. */
export const unitCentsOf = ({ amount }: Pick<Money, "amount">): Cents => Math.round(Number(amount) * 1e8) / 1e6;

/** An amount with two decimals; the price of a unit with as many as it has. */
export function moneyOf(cents: Cents, currency: string): Money {
  if (!Number.isInteger(cents)) return { currency, amount: (cents / 100).toFixed(8).replace(/(?<!0)0+$/, "") };
  const digits = String(Math.abs(cents)).padStart(3, "0");
  return { currency, amount: `${cents < 0 ? "-" : ""}${digits.slice(0, -2)}.${digits.slice(-2)}` };
}

/** Rounds half away from zero. Adds a thousandth of a cent against binary rounding errors. */
export function round(cents: number): Cents {
  return Math.sign(cents) * Math.round(Math.abs(cents) + 1e-7) || 0;
}
