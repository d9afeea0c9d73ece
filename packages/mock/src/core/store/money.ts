import type { Money } from "@imcloud/spec";

/** Amounts are whole cents, so that sums are exact. Decimals are used only in requests and responses. */
export type Cents = number;

/** Parses a decimal amount such as `18.60` to cents, rounded half away from zero. */
export function centsOf({ amount }: Pick<Money, "amount">): Cents {
  return round(Number(amount) * 100);
}

export function moneyOf(cents: Cents, currency: string): Money {
  const digits = String(Math.abs(cents)).padStart(3, "0");
  return { currency, amount: `${cents < 0 ? "-" : ""}${digits.slice(0, -2)}.${digits.slice(-2)}` };
}

/** Rounds half away from zero. Adds a thousandth of a cent against binary rounding errors. */
export function round(cents: number): Cents {
  return Math.sign(cents) * Math.round(Math.abs(cents) + 1e-7) || 0;
}
