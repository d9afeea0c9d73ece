/** An amount as a whole number of ten-thousandths: reports have four decimals, and nothing is lost in between. */
export type Amount = bigint;

const PLACES = 4;
const DECIMAL = /^\s*([+-]?)(\d+)(?:\.(\d*))?\s*$/;

/** An amount of a text or a number; `undefined` for what is none, or has more than four decimals. */
export function amountOf(value: unknown): Amount | undefined {
  const [, sign, whole = "", fraction = ""] = DECIMAL.exec(String(value ?? "")) ?? [];
  if (sign === undefined || /[1-9]/.test(fraction.slice(PLACES))) return undefined;
  const digits = BigInt(whole + fraction.slice(0, PLACES).padEnd(PLACES, "0"));
  return sign === "-" ? -digits : digits;
}

/** The same for what is not of a report: the decimals after the fourth are rounded. */
export function roundedAmountOf(value: unknown): Amount | undefined {
  // A number in JavaScript's own notation can have an exponent.
  const text = typeof value === "number" && Number.isFinite(value) ? value.toFixed(10) : String(value ?? "");
  const [, sign = "", whole = "", fraction = ""] = DECIMAL.exec(text) ?? [];
  const amount = amountOf(`${sign}${whole}.${fraction.slice(0, PLACES)}`);
  if (amount === undefined || !/^[5-9]/.test(fraction.slice(PLACES))) return amount;
  return sign === "-" ? amount - 1n : amount + 1n;
}

/** An amount as a text, with two decimals, or four where it has them. */
export function amountText(amount: Amount): string {
  const digits = String(amount < 0n ? -amount : amount).padStart(PLACES + 1, "0");
  const fraction = digits.slice(-PLACES).replace(/00$/, "");
  return `${amount < 0n ? "-" : ""}${digits.slice(0, -PLACES)}.${fraction}`;
}

export const total = (amounts: Iterable<Amount>): Amount => {
  let sum = 0n;
  for (const amount of amounts) sum += amount;
  return sum;
};
