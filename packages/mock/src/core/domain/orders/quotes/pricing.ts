import type { ProductPrice } from "@imcloud/spec";
import { memoize } from "../../../store/memoize.ts";
import { type Cents, centsOf, round, unitCentsOf } from "../../../store/money.ts";
import type { ChargedPeriod, CustomerRecord, OrderLine, ProductRecord, SpecialPrices } from "../../../store/records.ts";

/** Hundredths of a percent of value-added tax, by country; made up where it suits the mock. */
const TAX_RATES: Readonly<Record<string, number>> = {
  ...{ SE: 2500, DK: 2500, NO: 2500, FI: 2550, DE: 1900, AT: 2000, FR: 2000, NL: 2100, BE: 2100, IE: 2300 },
};

export const taxRateOf = ({ customer }: CustomerRecord): number =>
  TAX_RATES[customer.address.countryCode.toUpperCase()] ?? 0;

/** From so many units of a line on, percent are taken off. */
export const VOLUME_DISCOUNT = { from: 100, percent: 5 };

interface Tier {
  from: number;
  unit: Cents;
}

const tiersOf = (prices: readonly ProductPrice[]): Tier[] =>
  prices
    .map((price) => ({ from: Number(price.lowerLimit ?? 1), unit: unitCentsOf(price) }))
    .sort((one, other) => one.from - other.from);

/** What is paid for a unit of a product in each billing period. */
interface Rates {
  prices: readonly Tier[];
  costs: readonly Tier[];
  isTiered: boolean;
}

/** Each order asks several times. */
const ratesOf = memoize(({ product: { prices = [], costs = [] } }: ProductRecord): Rates => {
  const recurring = prices.filter(({ type }) => type === "recurring");
  return {
    prices: tiersOf(recurring),
    costs: tiersOf(costs.filter(({ type }) => type === "recurring")),
    isTiered: recurring[0]?.model === "TIERED",
  };
});

/** The price of a unit where so many are had in all. */
export function unitAt(product: ProductRecord, quantity: number, special?: SpecialPrices): Cents {
  if (special?.unitPrice) return unitCentsOf(special.unitPrice);
  return tierAt(ratesOf(product).prices, quantity)?.unit ?? 0;
}

export function unitCostAt(product: ProductRecord, quantity: number, special?: SpecialPrices): Cents {
  if (special?.unitCost) return unitCentsOf(special.unitCost);
  return tierAt(ratesOf(product).costs, quantity)?.unit ?? 0;
}

const tierAt = (tiers: readonly Tier[], quantity: number): Tier | undefined =>
  tiers.findLast(({ from }) => from <= quantity) ?? tiers[0];

/** Units by their price, of a quantity in all. Tiered prices fill tier after tier; all others have one price for each unit. */
function spread(product: ProductRecord, quantity: number, special?: SpecialPrices): Map<Cents, number> {
  const { prices: tiers, isTiered } = ratesOf(product);
  if (special?.unitPrice || !isTiered) return new Map([[unitAt(product, quantity, special), quantity]]);
  const units = new Map<Cents, number>();
  for (const [place, { from, unit }] of tiers.entries()) {
    const until = tiers[place + 1]?.from ?? Number.POSITIVE_INFINITY;
    const inside = Math.min(quantity, until - 1) - (from - 1);
    if (inside > 0) units.set(unit, (units.get(unit) ?? 0) + inside);
  }
  return units;
}

/** What a period costs of so many units, before discount and tax. */
export const priceOf = (product: ProductRecord, quantity: number, special?: SpecialPrices): Cents =>
  [...spread(product, quantity, special)].reduce((sum, [unit, units]) => sum + round(unit * units), 0);

export interface Pricing {
  product: ProductRecord;
  /** Units that were had before. */
  before: number;
  /** Units that are had from now on. */
  total: number;
  special?: SpecialPrices | undefined;
  /** One line of its kind in place of what the sign says. */
  kind?: OrderLine["kind"];
  /** The time that is charged; left out, a whole billing period. */
  period?: ChargedPeriod | undefined;
}

interface Units {
  unit: Cents;
  /** Signed. */
  units: number;
}

/** By how many units a change to another quantity is more, or less, at each price. */
function changedUnits(product: ProductRecord, before: number, total: number, special?: SpecialPrices): Units[] {
  if (special?.unitPrice || !ratesOf(product).isTiered) {
    return total === before ? [] : [{ unit: unitAt(product, total, special), units: total - before }];
  }
  const [had, has] = [spread(product, before), spread(product, total)];
  return [...new Set([...has.keys(), ...had.keys()])]
    .map((unit) => ({ unit, units: (has.get(unit) ?? 0) - (had.get(unit) ?? 0) }))
    .filter(({ units }) => units !== 0);
}

/** The lines of an order for what changes of a product, setup included where it is new. */
export function linesFor({ product, before, total, special, kind, period }: Pricing, taxRate: number): OrderLine[] {
  const { id: productId, product: entry } = product;
  const line = (unit: Cents, units: number, of: OrderLine["kind"]): OrderLine => ({
    kind: of,
    productId,
    units,
    unit,
    discount: of !== "setup" && Math.abs(units) >= VOLUME_DISCOUNT.from ? VOLUME_DISCOUNT.percent : 0,
    taxRate,
    ...(period && of !== "setup" && { period }),
  });
  const changed = changedUnits(product, before, total, special).map(({ unit, units }) =>
    line(unit, units, kind ?? (units < 0 ? "recurringRefund" : "recurring")),
  );
  const setup = before === 0 && !kind ? (entry.prices ?? []).filter(({ type }) => type === "setup") : [];
  return [...setup.map((price) => line(centsOf(price), 1, "setup")), ...changed];
}

/** What a line comes to. */
export function amountsOf({ unit, units, discount, taxRate, period }: OrderLine) {
  const { days, of } = period ?? { days: 1, of: 1 };
  const extended = round((unit * units * days) / of);
  const off = round((extended * discount) / 100);
  const tax = round(((extended - off) * taxRate) / 10_000);
  return { extended, off, tax, total: extended - off + tax };
}

export const totalOf = (lines: readonly OrderLine[]): Cents =>
  lines.reduce((sum, line) => sum + amountsOf(line).total, 0);
