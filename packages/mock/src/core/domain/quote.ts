import { timeOf } from "../store/dates.ts";
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
import { checkMayBuy, customerOf } from "./accounts.ts";
import { conflict, invalid, requireReference } from "./errors.ts";
import { type OrderBody, type OrderBodyProduct, typeOf } from "./order-body.ts";
import { isOpen } from "./order-stages.ts";
import { linesFor, type Pricing, taxRateOf } from "./pricing.ts";
import { checkParameters, checkQuantity, productOf } from "./products.ts";
import { holdingOf, restOfPeriod } from "./subscriptions.ts";

/** What an order would be: checked and priced, not placed. */
export interface Quote {
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

function productsOf(order: OrderBody): [OrderBodyProduct, ...OrderBodyProduct[]] {
  const [first, ...rest] = order.products ?? [];
  return first ? [first, ...rest] : invalid(`A ${typeOf(order)} order needs products; name at least one`);
}

/** The order that is open on a subscription, if any. There is one at a time. */
export function checkNotBlocked(store: Store, subscription: SubscriptionRecord): void {
  for (const order of store.orders.withKey("subscription", subscription.id)) {
    if (!isOpen(order)) continue;
    const what = order.scheduled ? "is waiting for its date" : "is being provisioned";
    const todo = order.scheduled ? "wait for it, or cancel it with statusCode CL" : "wait for it to complete";
    conflict(`Order ${order.orderNumber ?? order.id} for subscription ${subscription.id} ${what}; ${todo}`);
  }
}

function subscriptionOf(store: Store, order: OrderBody, customer: CustomerRecord, given?: string): SubscriptionRecord {
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

/** Products that another one builds on must be there, or be ordered along with it. */
function checkDependencies(store: Store, customer: CustomerRecord, products: ProductRecord[]): void {
  for (const { product } of products) {
    const needed = (product.dependsOn ?? []).flatMap(({ id }) => (id === undefined ? [] : [id]));
    if (!needed.length || needed.some((id) => products.some((other) => other.id === id))) continue;
    const has = [...store.subscriptions.withKey("customer", customer.id)].some(
      ({ status, products }) => status === "active" && products.some(({ productId }) => needed.includes(productId)),
    );
    if (!has)
      invalid(`Product ${product.id} (${product.mpn}) needs product ${needed.join(" or ")}; order that one too`);
  }
}

/** When something that has a date is due; at once where the date is past. */
const dueAt = (store: Store, date: string | undefined) =>
  date !== undefined && timeOf(date) > store.time ? timeOf(date) : undefined;

/** The first billing period of something that starts now. */
const firstPeriod = (store: Store, { product }: ProductRecord) =>
  product.billingPeriod && restOfPeriod(store.time, product.billingPeriod, store.time);

function sale(store: Store, order: OrderBody, customer: CustomerRecord): Quote {
  checkMayBuy(customer);
  const wanted = productsOf(order).map((input) => ({ input, product: productOf(store, input) }));
  const taxRate = taxRateOf(customer);
  const items: OrderItem[] = [];
  const lines: OrderLine[] = [];
  for (const { input, product } of wanted) {
    const quantity = Number(input.quantity ?? invalid(`Product ${product.id} needs a quantity`));
    checkQuantity(product, quantity);
    checkParameters(product, input.parameters);
    const special = specialOf(input);
    lines.push(
      ...linesFor({ product, before: 0, total: quantity, special, period: firstPeriod(store, product) }, taxRate),
    );
    items.push({ productId: product.id, quantity, total: quantity, special, parameters: input.parameters });
  }
  const [first] = wanted;
  checkDependencies(
    store,
    customer,
    wanted.map(({ product }) => product),
  );
  const due = typeOf(order) === "migration" ? dueAt(store, order.migrationDate) : undefined;
  return {
    ...{ customer, items, lines, currency: first ? currencyOf(first.product) : "EUR", subscriptionIds: [] },
    ...(due !== undefined && { scheduled: "date", dueAt: due }),
  };
}

function change(store: Store, order: OrderBody, customer: CustomerRecord): Quote {
  checkMayBuy(customer);
  const inputs = productsOf(order);
  const subscription = subscriptionOf(store, order, customer, inputs[0].subscriptionId);
  const elsewhere = inputs.find(({ subscriptionId }) => (subscriptionId ?? subscription.id) !== subscription.id);
  if (elsewhere) {
    invalid(
      `A change order is for one subscription; send one for ${subscription.id} and one for ${elsewhere.subscriptionId}`,
    );
  }
  checkNotBlocked(store, subscription);
  const isForRenewal = order.scheduledOn?.toLowerCase() === "renewal";
  // What waits for the renewal is charged for the whole of the next period.
  const period = isForRenewal
    ? undefined
    : restOfPeriod(timeOf(subscription.creationDate), subscription.billingPeriod, store.time);
  const taxRate = taxRateOf(customer);
  const items: OrderItem[] = [];
  const pricings: Pricing[] = [];
  for (const input of inputs) {
    const product = productOf(store, input);
    const had = holdingOf(subscription, product);
    const isSwitch = input.newId !== undefined || input.newProductId !== undefined || input.newMPN !== undefined;
    const target = isSwitch
      ? productOf(store, { id: input.newId ?? input.newProductId, mpn: input.newMPN, vendor: input.vendor })
      : product;
    const total = Number(
      input.quantity ?? (isSwitch ? had.quantity : invalid(`Product ${product.id} needs a quantity, its new total`)),
    );
    checkQuantity(target, total);
    const special = specialOf(input) ?? (isSwitch ? undefined : had.special);
    if (target !== product) {
      pricings.push({ product, before: had.quantity, total: 0, special: had.special });
      pricings.push({ product: target, before: 0, total, special, kind: "switch" });
    } else if (total === had.quantity && !specialOf(input)) {
      return invalid(
        `Subscription ${subscription.id} has ${total} of product ${product.id} already; send the new total, not the difference`,
      );
    } else {
      pricings.push({ product, before: had.quantity, total, special });
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
    ...{ customer, items, currency: subscription.currency, subscriptionIds: [subscription.id] },
    lines: pricings.flatMap((pricing) => linesFor({ ...pricing, period }, taxRate)),
    ...(isForRenewal && { scheduled: "renewal", dueAt: subscription.nextAt ?? store.time }),
  };
}

/** What a subscription costs in its next period. */
export function periodLines(store: Store, { products }: SubscriptionRecord, taxRate: number): OrderLine[] {
  return products.flatMap(({ productId, quantity, special }) => {
    const product = store.products.get(productId);
    return product ? linesFor({ product, before: 0, total: quantity, special, kind: "recurring" }, taxRate) : [];
  });
}

function renewal(store: Store, order: OrderBody, customer: CustomerRecord): Quote {
  checkMayBuy(customer);
  const subscription = subscriptionOf(store, order, customer, order.products?.[0]?.subscriptionId);
  checkNotBlocked(store, subscription);
  return {
    ...{ customer, items: [], currency: subscription.currency, subscriptionIds: [subscription.id] },
    lines: periodLines(store, subscription, taxRateOf(customer)),
  };
}

function cancellation(store: Store, order: OrderBody, customer: CustomerRecord): Quote {
  const subscription = subscriptionOf(store, order, customer, order.products?.[0]?.subscriptionId);
  checkNotBlocked(store, subscription);
  return { customer, items: [], lines: [], currency: subscription.currency, subscriptionIds: [subscription.id] };
}

const byType = { sales: sale, change, renewal, cancellation, migration: sale };

/**
 * Checks an order and prices it.
 * @throws DomainError when it could not be placed
 */
export function quote(store: Store, order: OrderBody): Quote {
  return byType[typeOf(order)](store, order, customerOf(store, order.customerId));
}
