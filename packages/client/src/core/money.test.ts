import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { money } from "../index.ts";

const eur = (amount: string) => ({ currency: "EUR", amount });

describe("money.sum", () => {
  test.each<[string[], string]>([
    [["0.1", "0.2"], "0.3"],
    [["465.00", "-465.00"], "0.00"],
    [["9007199254740993.01", "0.01"], "9007199254740993.02"],
    [["1", "2.5"], "3.5"],
    [["-0.05"], "-0.05"],
    [["-0.05", "0.04"], "-0.01"],
    [["007.50"], "7.50"],
  ])("adds %j up to %s", (amounts, total) => {
    expect(money.sum(amounts.map(eur))).toEqual(eur(total));
  });

  test("loses no digit, whatever the amounts and their order", () => {
    const cents = fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n });
    const text = (value: bigint) =>
      `${value < 0n ? "-" : ""}${String(value < 0n ? -value : value)
        .padStart(3, "0")
        .replace(/(..)$/, ".$1")}`;
    fc.assert(
      fc.property(fc.array(cents, { minLength: 1 }), (values) => {
        const total = values.reduce((sum, value) => sum + value, 0n);
        expect(money.sum(values.map((value) => eur(text(value)))).amount).toBe(text(total));
      }),
    );
  });

  test("refuses several currencies, no amounts, and what is no amount", () => {
    expect(() => money.sum([eur("1"), { currency: "USD", amount: "1" }])).toThrow(
      "several currencies cannot be put together: EUR, USD.",
    );
    expect(() => money.sum([])).toThrow("sum needs an amount");
    for (const amount of ["", "1,5", "NaN", "1e3", "Infinity", "1.", ".5"]) {
      expect(() => money.sum([eur(amount)])).toThrow("is not a decimal amount");
    }
  });
});

describe("money.compare", () => {
  test("sorts exactly", () => {
    const sorted = ["0.30", "0.3000000000000000001", "-1", "0.2999999999999999999"].map(eur).sort(money.compare);
    expect(sorted.map(({ amount }) => amount)).toEqual([
      "-1",
      "0.2999999999999999999",
      "0.30",
      "0.3000000000000000001",
    ]);
    expect(money.compare(eur("1.0"), eur("1.00"))).toBe(0);
    expect(() => money.compare(eur("1"), { currency: "SEK", amount: "1" })).toThrow("several currencies");
  });
});

describe("money.format", () => {
  test("writes every digit as the locale does", () => {
    expect(money.format(eur("1234.5"), "en")).toBe("€1,234.50");
    expect(money.format(eur("1234.5"), "de").replace(/\s/g, " ")).toBe("1.234,50 €");
    expect(money.format({ currency: "JPY", amount: "1000" }, "en")).toBe("¥1,000");
    expect(money.format(eur("0.0125"), "en")).toBe("€0.0125");
    expect(money.format(eur("9007199254740993.01"), "en")).toBe("€9,007,199,254,740,993.01");
  });

  test("refuses more decimals than can be written", () => {
    expect(() => money.format(eur(`0.${"1".repeat(101)}`), "en")).toThrow(
      new TypeError("format writes 100 decimals; the amount has 101."),
    );
    expect(money.format(eur(`0.${"1".repeat(100)}`), "en")).toHaveLength(103);
  });
});
