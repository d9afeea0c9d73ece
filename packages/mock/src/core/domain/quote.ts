import type { Period } from "@imcloud/spec";
import { DAY, timeOf } from "../store/dates.ts";
import { groupBy } from "../store/group-by.ts";
import type {
  CustomerRecord,
  OrderItem,
  OrderLine,
  OrderRecord,
  ProductRecord,
  SpecialPrices,
  SubscriptionRecord,
} from "../store/records.ts";
import type { Store } from "../store/store.ts";
import { checkMayBuy, customerOf, isHeld } from "./accounts.ts";
import { checkDates } from "./dates.ts";
import { conflict, invalid, requireReference } from "./errors.ts";
import { type OrderBody, type OrderBodyProduct, typeOf } from "./order-body.ts";
import { isOpen, statusOf } from "./order-states.ts";
import { linesFor, type Pricing, taxRateOf } from "./pricing.ts";
import { boundsOf, checkParameters, checkQuantity, productOf } from "./products.ts";
import { holdingOf, restOfPeriod } from "./subscriptions.ts";

/** What an order would be: checked and priced, not placed. */
export interface Quote {
  type: OrderRecord["type"];
  customer: CustomerRecord;
  currency: string;
  items: OrderItem[];
  lines: OrderLine[];
  subscriptionIds: string[];
  scheduled?: OrderRecord["scheduled"];
  /** When a scheduled order is carried out. */
  dueAt?: number;
}

const currencyOf = ({ product }: ProductRecord) => product.prices?.[0]?.currency ?? "EUR";

const specialOf = ({ specialPrice, specialCost, specialProviderCost }: OrderBodyProduct): SpecialPrices | undefined =>
  specialPrice || specialCost || specialProviderCost
    ? { unitPrice: specialPrice, unitCost: specialCost, unitProviderCost: specialProviderCost }
    : undefined;

const MONTH: Period = { type: "month", duration: 1 };

/** A quantity, which a caller may write as a number or as a text (FLD-02). */
const quantityOf = ({ quantity }: OrderBodyProduct): number | undefined =>
  quantity === undefined ? undefined : Number(quantity);

/** Checks that a product has the prices of a deal or its own, and not both (ORD-39). */
function checkPrices({ deals, specialPrice, specialCost }: OrderBodyProduct): void {
  if (deals && (specialPrice || specialCost)) {
    invalid("A product takes deals, or a specialPrice and a specialCost, and not both; send the one or the other");
  }
}

function productsOf(order: OrderBody): [OrderBodyProduct, ...OrderBodyProduct[]] {
  const [first, ...rest] = order.products ?? [];
  for (const product of order.products ?? []) checkPrices(product);
  return first ? [first, ...rest] : invalid(`A ${typeOf(order)} order needs products; name at least one`);
}

/**
 * Checks that a subscription can be ordered for: that it is not on hold (SUB-05), and that no order is open on it where the
 * installation takes one at a time (ORD-10).
 */
export function checkNotBlocked(store: Store, subscription: SubscriptionRecord): void {
  if (!store.installation.oneOpenOrder) return;
  for (const order of store.orders.withKey("subscription", subscription.id)) {
    if (!isOpen(order)) continue;
    const { what, todo } = blockOf(order);
    conflict(`Order ${order.orderNumber ?? order.id} for subscription ${subscription.id} ${what}; ${todo}`);
  }
}

function blockOf(order: OrderRecord): { what: string; todo: string } {
  if (order.statusCode === "AS") {
    return { what: "is waiting for its date", todo: "wait for it, or cancel it with statusCode CL" };
  }
  if (order.nextAt === undefined) {
    const what = `is ${statusOf(order)} (${order.statusCode}) and waits for somebody`;
    return { what, todo: "wait for it, or cancel it with statusCode CL" };
  }
  return { what: "is being provisioned", todo: "wait for it to complete" };
}

/** Milliseconds after an order, a renewal or added seats in which Microsoft takes units back (ORD-48). */
const CANCELLATION_WINDOW = 7 * DAY;

/** Checks that a vendor still takes units of a subscription back, all of them or some. Microsoft does for seven days alone (ORD-48, ORD-49). */
function checkCanBeGivenBack(store: Store, { id, products, committedAt, renewalDate }: SubscriptionRecord): void {
  const isMicrosoft = products.some(({ productId }) =>
    store.products.get(productId)?.parameters.some(({ name }) => name === "microsoft_domain"),
  );
  if (!isMicrosoft || store.time - committedAt <= CANCELLATION_WINDOW) return;
  invalid(
    `Subscription ${id} can be cancelled or reduced within 7 days of its order, its renewal or its last added seats only; set its renewalStatus to false and it ends on ${renewalDate}, or schedule the change with scheduledOn renewal`,
  );
}

function checkNotHeld({ id, status }: SubscriptionRecord): void {
  if (status === "hold")
    invalid(`Subscription ${id} is on hold and takes no orders; end the hold of its account first`);
}

function subscriptionOf(store: Store, order: OrderBody, customer: CustomerRecord, given?: string): SubscriptionRecord {
  if (given !== undefined && order.subscriptionId !== undefined && given !== order.subscriptionId) {
    invalid(`The order names subscription ${order.subscriptionId} and its product ${given}; send one of them`);
  }
  const id = given ?? order.subscriptionId;
  if (id === undefined) return invalid(`A ${typeOf(order)} order needs a subscriptionId`);
  const subscription = requireReference(store.subscriptions.get(id), "subscriptionId", id, "GET /subscriptions");
  if (subscription.customerId !== customer.id) {
    invalid(`Subscription ${id} is not one of customer ${customer.id}; list the customer's own with its customerId`);
  }
  if (subscription.status === "terminated" || subscription.status === "removed") {
    invalid(`Subscription ${id} is ${subscription.status}; order a new one instead`);
  }
  return subscription;
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

/** When something that has a date is due; at once where the date is past. */
const dueAt = (store: Store, date: string | undefined) =>
  date !== undefined && timeOf(date) > store.time ? timeOf(date) : undefined;

/** A product that an order is to bring. */
interface Wanted {
  product: ProductRecord;
  quantity: number;
  special: SpecialPrices | undefined;
  parameters: OrderBodyProduct["parameters"];
  /** The plan of the product that needs this one. */
  planId?: string;
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
    const product = productOf(store, { ...input, ...(subscriptionPeriod && { subscriptionPeriod }) });
    const quantity = quantityOf(input) ?? invalid(`Product ${product.id} needs a quantity`);
    return { product, quantity, special: specialOf(input), parameters };
  });
  for (const [product, all] of groupBy(wanted, ({ product }) => product)) {
    checkQuantity(
      product,
      all.reduce((sum, { quantity }) => sum + quantity, 0),
    );
  }
  for (const { product, parameters } of wanted) checkParameters(product, parameters);
  return [...groupBy(wanted, ({ product }) => product).values()].map(merged);
}

function sale(store: Store, order: OrderBody, type: OrderRecord["type"], customer: CustomerRecord): Quote {
  if (!isHeld(customer)) checkMayBuy(customer);
  const named = wantedOf(store, order);
  const wanted = [...named, ...missingDependencies(store, customer, named)];
  const taxRate = taxRateOf(customer);
  const [first] = wanted;
  const due = type === "migration" ? dueAt(store, order.migrationDate) : undefined;
  return {
    ...{ type, customer, currency: first ? currencyOf(first.product) : "EUR", subscriptionIds: [] },
    lines: wanted.flatMap(({ product, quantity, special }) => {
      const start = due ?? store.time;
      const period = restOfPeriod(start, product.product.billingPeriod ?? MONTH, start);
      return linesFor({ product, before: 0, total: quantity, special, period }, taxRate);
    }),
    items: wanted.map(({ product, quantity, special, parameters, planId }) => ({
      ...{ productId: product.id, quantity, total: quantity, special, parameters, planId },
    })),
    ...(due !== undefined && { scheduled: "date", dueAt: due }),
  };
}

function change(store: Store, order: OrderBody, type: OrderRecord["type"], customer: CustomerRecord): Quote {
  checkMayBuy(customer);
  const inputs = productsOf(order);
  const subscription = subscriptionOf(store, order, customer, inputs[0].subscriptionId);
  const elsewhere = inputs.find(({ subscriptionId }) => (subscriptionId ?? subscription.id) !== subscription.id);
  if (elsewhere) {
    invalid(
      `A change order is for one subscription; send one for ${subscription.id} and one for ${elsewhere.subscriptionId}`,
    );
  }
  checkNotHeld(subscription);
  checkNotBlocked(store, subscription);
  const isForRenewal = order.scheduledOn?.toLowerCase() === "renewal";
  if (isForRenewal && !subscription.renewalStatus) {
    invalid(
      `Subscription ${subscription.id} does not renew by itself, so nothing can be scheduled for its renewal; set its renewalStatus to true first`,
    );
  }
  // What waits for the renewal is charged for the whole of the first period after it.
  const renewal = subscription.nextAt ?? store.time;
  const [start, from] = isForRenewal ? [renewal, renewal] : [timeOf(subscription.creationDate), store.time];
  const period = ({ product }: ProductRecord) =>
    restOfPeriod(start, product.billingPeriod ?? subscription.billingPeriod, from);
  const taxRate = taxRateOf(customer);
  const items: OrderItem[] = [];
  const pricings: Pricing[] = [];
  const named = new Set<ProductRecord>();
  for (const input of inputs) {
    const product = productOf(store, input);
    const had = holdingOf(subscription, product);
    const isSwitch = input.newId !== undefined || input.newProductId !== undefined || input.newMPN !== undefined;
    const target = isSwitch
      ? productOf(store, { id: input.newId ?? input.newProductId, mpn: input.newMPN, vendor: input.vendor })
      : product;
    for (const each of new Set([product, target])) {
      if (named.has(each)) {
        invalid(
          `Product ${each.id} of subscription ${subscription.id} is named twice; send one line with its new total`,
        );
      }
      named.add(each);
    }
    const total =
      quantityOf(input) ?? (isSwitch ? had.quantity : invalid(`Product ${product.id} needs a quantity, its new total`));
    checkQuantity(target, total);
    if (total < had.quantity && !isForRenewal) checkCanBeGivenBack(store, subscription);
    const special = specialOf(input) ?? (isSwitch ? undefined : had.special);
    if (target !== product) {
      pricings.push({ product, before: had.quantity, total: 0, special: had.special, period: period(product) });
      pricings.push({ product: target, before: 0, total, special, kind: "switch", period: period(target) });
    } else if (total === had.quantity && !specialOf(input)) {
      return invalid(
        `Subscription ${subscription.id} has ${total} of product ${product.id} already; send the new total, not the difference`,
      );
    } else {
      pricings.push({ product, before: had.quantity, total, special, period: period(product) });
    }
    items.push({
      productId: product.id,
      ...(target !== product && { newProductId: target.id }),
      quantity: isForRenewal || target !== product ? total : total - had.quantity,
      total,
      subscriptionId: subscription.id,
      special,
      parameters: input.parameters,
    });
  }
  return {
    ...{ type, customer, items, currency: subscription.currency, subscriptionIds: [subscription.id] },
    lines: pricings.flatMap((pricing) => linesFor(pricing, taxRate)),
    ...(isForRenewal && { scheduled: "renewal", dueAt: subscription.nextAt ?? store.time }),
  };
}

/** What a subscription costs in a billing period that begins at a time. */
export function periodLines(
  store: Store,
  subscription: SubscriptionRecord,
  start: number,
  taxRate: number,
): OrderLine[] {
  const period = restOfPeriod(start, subscription.billingPeriod, start);
  return subscription.products.flatMap(({ productId, quantity, special }) => {
    const product = store.products.get(productId);
    return product
      ? linesFor({ product, before: 0, total: quantity, special, kind: "recurring", period }, taxRate)
      : [];
  });
}

function renewal(store: Store, order: OrderBody, type: OrderRecord["type"], customer: CustomerRecord): Quote {
  checkMayBuy(customer);
  const subscription = subscriptionOf(store, order, customer, order.products?.[0]?.subscriptionId);
  checkNotHeld(subscription);
  checkNotBlocked(store, subscription);
  return {
    ...{ type, customer, items: [], currency: subscription.currency, subscriptionIds: [subscription.id] },
    lines: periodLines(store, subscription, timeOf(subscription.renewalDate), taxRateOf(customer)),
  };
}

function cancellation(store: Store, order: OrderBody, type: OrderRecord["type"], customer: CustomerRecord): Quote {
  const subscription = subscriptionOf(store, order, customer, order.products?.[0]?.subscriptionId);
  checkNotBlocked(store, subscription);
  checkCanBeGivenBack(store, subscription);
  const { currency } = subscription;
  return { type, customer, items: [], lines: [], currency, subscriptionIds: [subscription.id] };
}

const byType = { sales: sale, change, renewal, cancellation, migration: sale };

/**
 * Checks an order and prices it.
 * @throws {@link DomainError} when it could not be placed
 */
export function quote(store: Store, order: OrderBody): Quote {
  const { startDate, expirationDate, migrationDate, lastBillingDate, nextBillingDate } = order;
  checkDates({ startDate, expirationDate, migrationDate, lastBillingDate, nextBillingDate });
  const type = typeOf(order);
  return byType[type](store, order, type, customerOf(store, order.customerId));
}
