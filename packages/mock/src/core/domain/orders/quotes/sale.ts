import { timeOf } from "../../../store/dates.ts";
import { groupBy } from "../../../store/group-by.ts";
import type {
  Alignment,
  CustomerRecord,
  OrderStop,
  PlacedType,
  ProductRecord,
  SpecialPrices,
} from "../../../store/records.ts";
import type { Store } from "../../../store/store.ts";
import { checkMayBuy } from "../../accounts.ts";
import { isPlausibleAddress } from "../../addresses.ts";
import { invalid, requireReference } from "../../errors.ts";
import { isHeld } from "../../is-held.ts";
import { cutAt, isMicrosoft, restOfPeriod } from "../../subscriptions.ts";
import type { OrderBody, OrderBodyProduct } from "../body.ts";
import { alignedEndOf, alignmentOf, mandatoryAlignment } from "./alignment.ts";
import { linesFor, taxRateOf } from "./pricing.ts";
import { boundsOf, checkParameters, checkQuantity, productOf, valuesOf } from "./products.ts";
import { checkCurrency, currencyOf, MONTH, productsOf, type Quote, quantityOf, specialOf } from "./quote-parts.ts";

/** A product that an order is to bring. */
interface Wanted {
  product: ProductRecord;
  quantity: number;
  special: SpecialPrices | undefined;
  parameters: OrderBodyProduct["parameters"];
  /** The plan of the product that needs this one. */
  planId?: string;
}

/** The products that others of an order build on, and that neither the order nor the customer has: the platform adds them (PROD-03). */
function missingDependencies(store: Store, customer: CustomerRecord, wanted: readonly Wanted[]): Wanted[] {
  const ordered = new Set(wanted.map(({ product }) => product.id));
  const added: Wanted[] = [];
  for (const { product, quantity } of wanted) {
    const needed = (product.product.dependsOn ?? []).flatMap(({ id }) => (id === undefined ? [] : [id]));
    if (!needed.length || needed.some((id) => ordered.has(id))) continue;
    const isHad = [...store.subscriptions.withKey("customer", customer.id)].some(
      ({ status, products }) => status === "active" && products.some(({ productId }) => needed.includes(productId)),
    );
    const base = store.products.get(needed[0] as string);
    if (isHad || !base) continue;
    ordered.add(base.id);
    const { min, max } = boundsOf(base);
    added.push({
      ...{ product: base, quantity: Math.min(max, Math.max(min, quantity)), planId: product.planId },
      ...{ special: undefined, parameters: undefined },
    });
  }
  return added;
}

/** The lines for one product as one, so that a subscription gets it once and its setup is charged once. */
function merged(lines: readonly Wanted[]): Wanted {
  const [first, ...rest] = lines as [Wanted, ...Wanted[]];
  const termsOf = ({ special, parameters }: Wanted) => JSON.stringify([special, parameters]);
  if (rest.some((line) => termsOf(line) !== termsOf(first))) {
    invalid(`Product ${first.product.id} is named twice, with different prices or parameters; send one line`);
  }
  return { ...first, quantity: lines.reduce((sum, { quantity }) => sum + quantity, 0) };
}

/** The products that an order names. Their bounds hold for what the subscription has of them in all (PROD-02). */
function wantedOf(store: Store, order: OrderBody): Wanted[] {
  const wanted = productsOf(order).map((input) => {
    const { subscriptionPeriod = order.subscriptionPeriod, parameters } = input;
    // The period may stand in the product, or in the order (ORD-18).
    const product = productOf(store, { ...input, subscriptionPeriod });
    const quantity = quantityOf(input) ?? invalid(`Product ${product.id} needs a quantity`);
    const special = specialOf(input);
    checkCurrency(product, special, currencyOf(product));
    return { product, quantity, special, parameters };
  });
  const byProduct = groupBy(wanted, ({ product }) => product);
  for (const [product, all] of byProduct) {
    checkQuantity(
      product,
      all.reduce((sum, { quantity }) => sum + quantity, 0),
    );
  }
  for (const { product, parameters } of wanted) checkParameters(product, parameters);
  return [...byProduct.values()].map(merged);
}

/** Microsoft checks the address of a customer when a tenant is made for it: the order fails then, and not the customer (CUST-18). */
function stopOf(wanted: readonly Wanted[], { customer }: CustomerRecord): OrderStop | undefined {
  if (isPlausibleAddress(customer.address)) return undefined;
  const makesTenant = wanted.some(
    ({ product, parameters }) => isMicrosoft(product) && valuesOf(parameters).tenant_preference === "new",
  );
  return makesTenant ? { statusCode: "PF" } : undefined;
}

/** The billing period that a sale begins to charge at a time; it ends with the subscription, where that is aligned. */
function firstPeriod(store: Store, { product }: ProductRecord, alignment: Alignment | undefined, start: number) {
  const { billingPeriod = MONTH, subscriptionPeriod = MONTH } = product;
  const period = restOfPeriod(start, billingPeriod, start);
  return alignment ? cutAt(period, alignedEndOf(store, alignment, subscriptionPeriod, start)) : period;
}

/** The plan that a migration is to, where it names one. */
function migrationPlan(store: Store, { planId }: OrderBody): string | undefined {
  return planId === undefined
    ? undefined
    : requireReference(store.plans.get(planId), "planId", planId, "GET /plans").id;
}

/** When a migration is due; at once where its date is past. */
function dueAt(store: Store, { migrationDate }: OrderBody): number | undefined {
  return migrationDate !== undefined && timeOf(migrationDate) > store.time ? timeOf(migrationDate) : undefined;
}

/**
 * A sale, or a migration, which brings a subscription from elsewhere.
 * @throws {@link DomainError}
 */
export function sale(store: Store, order: OrderBody, type: PlacedType, customer: CustomerRecord): Quote {
  if (!isHeld(customer)) checkMayBuy(customer);
  const named = wantedOf(store, order);
  const wanted = [...named, ...missingDependencies(store, customer, named)];
  const taxRate = taxRateOf(customer);
  const [first] = wanted;
  const products = wanted.map(({ product }) => product);
  const isSale = type === "sales";
  const alignment = isSale
    ? (alignmentOf(store, order, customer, products) ?? mandatoryAlignment(store, customer, products))
    : undefined;
  const due = isSale ? undefined : dueAt(store, order);
  const start = due ?? store.time;
  const migratedTo = isSale ? undefined : migrationPlan(store, order);
  return {
    ...{ type, customer, currency: first ? currencyOf(first.product) : "EUR", subscriptionIds: [], alignment },
    lines: wanted.flatMap(({ product, quantity, special }) => {
      const period = firstPeriod(store, product, alignment, start);
      return linesFor({ product, before: 0, total: quantity, special, period }, taxRate);
    }),
    items: wanted.map(({ product, quantity, special, parameters, planId }) => ({
      ...{ productId: product.id, quantity, total: quantity, special, parameters, planId: migratedTo ?? planId },
    })),
    stop: isSale ? stopOf(wanted, customer) : undefined,
    ...(due !== undefined && { scheduled: "date", dueAt: due }),
  };
}
