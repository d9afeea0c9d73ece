import { iterable, must, readable } from "@imcloud/options";
import type { Money } from "@imcloud/spec";

/** An amount as a whole number of its smallest digits: exact, whatever its size. */
interface Exact {
  digits: bigint;
  scale: number;
}

/** @throws {@link TypeError} when the amount is not decimal */
function parse(money: Money): Exact {
  readable("an object of currency and amount")(money, "An amount");
  const { amount, currency } = money;
  must("a decimal text", (value) => /^(string|number|bigint)$/.test(typeof value))(amount, "An amount");
  const match = /^\s*([+-]?)(\d+)(?:\.(\d+))?\s*$/.exec(String(amount));
  if (!match) throw new TypeError(`${JSON.stringify(amount)} ${currency} is not a decimal amount.`);
  const [, sign, whole = "", fraction = ""] = match;
  return { digits: BigInt(`${sign === "-" ? "-" : ""}${whole}${fraction}`), scale: fraction.length };
}

const atScale = ({ digits, scale }: Exact, wanted: number): bigint => digits * 10n ** BigInt(wanted - scale);

function toAmount(digits: bigint, scale: number): string {
  const text = String(digits < 0n ? -digits : digits).padStart(scale + 1, "0");
  const cut = text.length - scale;
  return `${digits < 0n ? "-" : ""}${text.slice(0, cut)}${scale ? `.${text.slice(cut)}` : ""}`;
}

/** @throws {@link TypeError} when the amounts are of several currencies */
function sameCurrency(amounts: Money[]): string {
  const [currency = "", ...others] = new Set(amounts.map((money) => money?.currency));
  if (others.length === 0) return currency;
  throw new TypeError(
    `Amounts of several currencies cannot be put together: ${[currency, ...others].map(String).join(", ")}.`,
  );
}

/**
 * Adds amounts of one currency, without losing a digit: no number of JavaScript is involved. It has as many decimals as the amount
 * with most.
 * @throws {@link TypeError} without amounts, for several currencies, and for what is not a decimal amount
 */
export function sum(amounts: Iterable<Money>): Money {
  iterable(amounts, "The amounts of sum");
  const all = [...amounts];
  if (all.length === 0) throw new TypeError("sum needs an amount: without one, nobody knows the currency.");
  const currency = sameCurrency(all);
  const exact = all.map(parse);
  const scale = Math.max(...exact.map((each) => each.scale));
  return {
    currency,
    amount: toAmount(
      exact.reduce((total, each) => total + atScale(each, scale), 0n),
      scale,
    ),
  };
}

/**
 * Compares two amounts of one currency exactly, for example to sort: negative when the first is less, 0 when they are equal.
 * @throws {@link TypeError} for several currencies, and for what is not a decimal amount
 */
export function compare(one: Money, other: Money): number {
  sameCurrency([one, other]);
  const [first, second] = [parse(one), parse(other)];
  const scale = Math.max(first.scale, second.scale);
  const difference = atScale(first, scale) - atScale(second, scale);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** Decimals that `Intl.NumberFormat` writes at most. */
const MAX_DECIMALS = 100;

/**
 * An amount as people write it, with all of its digits, for example `1.234,50 €`.
 * @param locales as `Intl.NumberFormat` takes them; those of the platform where none are given
 * @throws {@link TypeError} for what is not a decimal amount, a currency or a locale
 */
export function format(money: Money, locales?: string | string[]): string {
  const { digits, scale } = parse(money);
  const options: Intl.NumberFormatOptions = { style: "currency", currency: money.currency };
  let usual = 0;
  try {
    usual = new Intl.NumberFormat(locales, options).resolvedOptions().maximumFractionDigits ?? 0;
  } catch {
    throw new TypeError("format needs a currency of three letters, and locales such as de-DE.");
  }
  if (scale > MAX_DECIMALS) throw new TypeError(`format writes ${MAX_DECIMALS} decimals; the amount has ${scale}.`);
  const formatter = new Intl.NumberFormat(locales, { ...options, minimumFractionDigits: Math.max(usual, scale) });
  // A text is formatted exactly, where a number would be rounded.
  return formatter.format(toAmount(digits, scale) as never);
}
