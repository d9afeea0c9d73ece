import type { Money } from "@imcloud/spec";

/** Amounts are whole cents inside, so that sums come out to the cent; decimals stand only in what is read and written. */
export type Cents = number;

/** Cents of a decimal amount such as `18.60`; what is below a cent is rounded half away from zero. */
export function centsOf({ amount }: Pick<Money, "amount">): Cents {
  return round(Number(amount) * 100);
}

export function moneyOf(cents: Cents, currency: string): Money {
  const digits = String(Math.abs(cents)).padStart(3, "0");
  return { currency, amount: `${cents < 0 ? "-" : ""}${digits.slice(0, -2)}.${digits.slice(-2)}` };
}

/** The nearest whole number, halves away from zero. A thousandth of a cent more undoes what binary fractions lose. */
export function round(cents: number): Cents {
  return Math.sign(cents) * Math.round(Math.abs(cents) + 1e-7) || 0;
}
