import type { Period } from "@imcloud/spec";
import type {
  Alignment,
  CustomerRecord,
  OrderItem,
  OrderLine,
  OrderRecord,
  OrderStop,
  PlacedType,
  ProductRecord,
  SpecialPrices,
  UpgradeStart,
} from "../../../store/records.ts";
import { invalid } from "../../errors.ts";
import { type OrderBody, type OrderBodyProduct, typeOf } from "../body.ts";

/** What an order would be: checked and priced, not placed. */
export interface Quote {
  type: PlacedType;
  customer: CustomerRecord;
  currency: string;
  items: OrderItem[];
  lines: OrderLine[];
  subscriptionIds: string[];
  scheduled?: OrderRecord["scheduled"];
  /** When a scheduled order is carried out. */
  dueAt?: number;
  isHeldBack?: boolean;
  alignment?: Alignment | undefined;
  upgradeStart?: UpgradeStart | undefined;
  /** Where it stops on its way. */
  stop?: OrderStop | undefined;
}

export const MONTH: Period = { type: "month", duration: 1 };

/** Whether two periods are of the same length as they are written. */
export const isSamePeriod = (one: Partial<Period> | undefined, other: Partial<Period> | undefined): boolean =>
  one?.type === other?.type && one?.duration === other?.duration;

export const currencyOf = ({ product }: ProductRecord): string => product.prices?.[0]?.currency ?? "EUR";

export const specialOf = ({
  specialPrice,
  specialCost,
  specialProviderCost,
}: OrderBodyProduct): SpecialPrices | undefined =>
  specialPrice || specialCost || specialProviderCost
    ? { unitPrice: specialPrice, unitCost: specialCost, unitProviderCost: specialProviderCost }
    : undefined;

/** A quantity, which a caller may write as a number or as a text (FLD-02). */
export const quantityOf = ({ quantity }: OrderBodyProduct): number | undefined =>
  quantity === undefined ? undefined : Number(quantity);

/**
 * Checks that the prices of a product are in the currency that it is charged in: none is converted.
 * @throws {@link DomainError}
 */
export function checkCurrency({ id }: ProductRecord, special: SpecialPrices | undefined, currency: string): void {
  const other = [special?.unitPrice, special?.unitCost].find((money) => money && money.currency !== currency);
  if (other) invalid(`Product ${id} is charged in ${currency}; got a price or a cost in ${other.currency}`);
}

/** Checks that a product has the prices of a deal or its own, and not both (ORD-39). */
function checkPrices({ deals, specialPrice, specialCost }: OrderBodyProduct): void {
  if (deals && (specialPrice || specialCost)) {
    invalid("A product takes deals, or a specialPrice and a specialCost, and not both; send the one or the other");
  }
}

/** The products of an order that needs some. */
export function productsOf(order: OrderBody): [OrderBodyProduct, ...OrderBodyProduct[]] {
  const [first, ...rest] = order.products ?? [];
  for (const product of order.products ?? []) checkPrices(product);
  return first ? [first, ...rest] : invalid(`A ${typeOf(order)} order needs products; name at least one`);
}
