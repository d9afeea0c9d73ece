import type {
  Customer,
  OrderDetails,
  ParameterValidationResultList,
  PlanDetails,
  Product,
  Report,
  Reseller,
  SubscriptionDetails,
} from "@imcloud/spec";
import { examples } from "../../generated/examples.ts";
import { withFollower } from "../domain/reports.ts";
import { KEPT_AFTER_END, withNextEvent } from "../domain/subscriptions.ts";
import { DAY, timeOf } from "../store/dates.ts";
import { centsOf, unitCentsOf } from "../store/money.ts";
import { isOpen, orderStates } from "../store/order-states.ts";
import type {
  ChargedPeriod,
  Kind,
  OrderLine,
  OrderRecord,
  OrderStatusCode,
  ParameterSpec,
  Records,
  ReportRecord,
  SubscriptionRecord,
} from "../store/records.ts";
import { DEFAULT_TIME } from "./default-time.ts";

/** The rows that a store starts from, oldest first. */
export type Rows = { [K in Kind]: Records[K][] };

/** What the document shows of an operation's success. */
const examplesOf = <T>(operationId: string): T[] => Object.values(examples[operationId] ?? {}) as T[];

const isNew = { name: "tenant_preference", value: "new" };

/** What a Microsoft tenant is made with, or found by. */
export const TENANT_PARAMETERS: readonly ParameterSpec[] = [
  {
    name: "tenant_preference",
    type: "choice",
    isNeeded: true,
    choices: [
      { label: "A new tenant", value: "new", default: true },
      { label: "A tenant that exists", value: "existing", default: false },
    ],
  },
  { name: "microsoft_domain", type: "domain", isNeeded: true, when: isNew },
  {
    name: "microsoft_tenant_id",
    type: "uuid",
    isNeeded: true,
    when: { name: "tenant_preference", value: "existing" },
  },
  // Of new orders of indirect resellers alone.
  { name: "partner_on_record_attestation_accepted", type: "attestation", isNeeded: false },
  // The customer agreement, which a tenant can have accepted elsewhere.
  {
    name: "mca_acceptance",
    type: "choice",
    isNeeded: false,
    choices: [{ label: "The customer accepts the agreement", value: "yes", default: false }],
    when: isNew,
  },
  { name: "agreement_date", type: "date", isNeeded: false, when: isNew },
  { name: "first_name_agreement", type: "text", isNeeded: false, when: isNew },
  { name: "last_name_agreement", type: "text", isNeeded: false, when: isNew },
  { name: "email_address_agreement", type: "email", isNeeded: false, when: isNew },
];

/** The plan that a product of the examples belongs to: the one of its name, or that of the product that it needs. */
function planOf(product: Product, plans: readonly PlanDetails[], products: readonly Product[]): string {
  const named = plans.find(({ name }) => name?.startsWith(`${product.name},`));
  if (named) return named.id;
  const base = products.find(({ id }) => id === product.dependsOn?.[0]?.id);
  if (!base) throw new Error(`No plan of the document's examples has the name of product ${product.id}.`);
  return planOf(base, plans, products);
}

const CODES = { submitted: "OP", processing: "PR", completed: "CP", cancelled: "CL", error: "PF" } as const;

/** Where an order of the examples stands: by its code, or by its status where it has no code that the mock plays. */
function codeOf({ status, statusCode = "" }: OrderDetails): OrderStatusCode {
  if (Object.hasOwn(orderStates, statusCode)) return statusCode as OrderStatusCode;
  return Object.hasOwn(CODES, status) ? CODES[status as keyof typeof CODES] : "CP";
}

/** The time that a line charges for, as its description tells it; of a part of a period, the price tells the whole. */
function periodOf({ description, duration, quantity, unitPrice, extendedPrice }: Detail): ChargedPeriod | undefined {
  const [, from, through] = /from (\S+) through (\S+)$/.exec(String(description)) ?? [];
  if (from === undefined || through === undefined) return undefined;
  const days = (timeOf(through) - timeOf(from)) / DAY + 1;
  if (duration?.type !== "day" || !unitPrice || !extendedPrice) return { from, through, days, of: days };
  const whole = unitCentsOf(unitPrice) * Number(quantity);
  return { from, through, days, of: Math.round((days * whole) / centsOf(extendedPrice)) };
}

function lineOf(detail: Detail): OrderLine {
  const { type, productId, quantity, unitPrice, extendedPrice, taxAmount } = detail;
  const [net, tax] = [extendedPrice, taxAmount].map((money) => (money ? centsOf(money) : 0)) as [number, number];
  const period = periodOf(detail);
  return {
    kind: type as OrderLine["kind"],
    productId: String(productId),
    units: Number(quantity),
    unit: unitPrice ? unitCentsOf(unitPrice) : 0,
    discount: 0,
    taxRate: net ? Math.round((tax / net) * 10_000) : 0,
    ...(period && { period }),
  };
}
type Detail = NonNullable<OrderDetails["details"]>[number];

/** A past order, of what the API shows of it. */
export function orderRecordOf(order: OrderDetails): OrderRecord {
  const { id, orderNumber, type, customerId, provisioningDate, status: _, statusCode: __, ...shown } = order;
  const { subscriptionId, ...rest } = shown;
  const creationDate = String(order.creationDate);
  return {
    ...{ id, customerId, creationDate, provisioningDate, orderNumber },
    type: type as OrderRecord["type"],
    createdAt: timeOf(creationDate),
    statusCode: codeOf(order),
    currency: order.total?.currency ?? "EUR",
    lines: (order.details ?? []).map(lineOf),
    items: (order.products ?? []).map(({ id, quantity, subscriptionId, parameters }) => ({
      ...{ productId: String(id), quantity: Number(quantity), total: Number(quantity), subscriptionId, parameters },
    })),
    subscriptionIds: subscriptionId === undefined ? [] : [subscriptionId],
    shown: rest,
  };
}

/**
 * A subscription, of what the API shows of it.
 * @param now milliseconds since 1970
 * @param orders the past orders, of which its own tell its PO number and when seats were added
 */
export function subscriptionRecordOf(
  subscription: SubscriptionDetails,
  now: number,
  orders: readonly OrderDetails[] = [],
): SubscriptionRecord {
  const { products = [], orderParameters = [], fulfillmentParameters = [], planId, ...fields } = subscription;
  const sale = orders.find(({ type, subscriptionId }) => type === "sales" && subscriptionId === subscription.id);
  const additions = orders
    .filter((order) => order.type === "change" && order.subscriptionId === subscription.id)
    .flatMap(({ creationDate, products: changed = [] }) =>
      changed.map(({ id, quantity }) => ({
        ...{ at: timeOf(String(creationDate)), productId: String(id), units: Number(quantity) },
      })),
    );
  const record: SubscriptionRecord = {
    ...(fields as SubscriptionRecord),
    planId: String(planId),
    currency: subscription.totalPrice?.currency ?? "EUR",
    products: products.map((shown) => ({
      ...{ productId: String(shown.id), quantity: Number(shown.quantity) },
      ...{ vendorSubscriptionId: shown.vendorSubscriptionId, shown },
    })),
    ...{ orderParameters, fulfillmentParameters },
    ...(sale?.poNumber !== undefined && { poNumber: sale.poNumber }),
    committedAt: timeOf(String(subscription.creationDate)),
    ...(additions.length && { additions }),
  };
  if (record.status === "active") return withNextEvent(record, now);
  const removedAt = timeOf(String(record.expirationDate ?? record.lastModifiedDate)) + KEPT_AFTER_END;
  return record.status === "terminated" && removedAt > now ? { ...record, nextAt: removedAt } : record;
}

/** A report, of what the API shows of it; one that is under way goes on a minute after `now`. */
export const reportRecordOf = ({ downloadUrl: _, ...report }: Report, now: number): ReportRecord => ({
  id: report.id,
  report,
  createdAt: report.creationDate === undefined ? now : timeOf(report.creationDate),
  nextAt: report.status === "submitted" ? now + 60_000 : undefined,
});

/** The drafts that examples of validating parameters go on with. */
function drafts(): Records["drafts"][] {
  const [round] = examplesOf<ParameterValidationResultList>("validation_parameters");
  return (round?.data ?? []).map(({ id, draftRequestId }) => ({
    ...{ id: String(draftRequestId), productId: String(id), parameters: {} },
  }));
}

/** The rows of the document's examples. */
export function smallRows(): Rows {
  const subscriptions = examplesOf<SubscriptionDetails>("subscriptions_get");
  const [products] = examplesOf<{ data: (Product & { id: string })[] }>("products_list");
  const shownPlans = examplesOf<PlanDetails>("plans_get");
  const shownOrders = examplesOf<OrderDetails>("orders_get");
  const orders = shownOrders.map(orderRecordOf);
  if (orders.some(isOpen)) throw new Error("An order of the document's examples is open; the small mock has none.");
  return {
    customers: examplesOf<Customer>("customers_get").map((customer) => ({
      id: customer.id,
      customer,
      creditLimit: 50_000_00,
    })),
    resellers: examplesOf<Reseller>("resellers_get").map((reseller) => ({ id: reseller.id, reseller })),
    // Catalogs are listed as they are printed, not newest first.
    plans: shownPlans.map((plan) => ({ id: plan.id, plan })).reverse(),
    products: (products?.data ?? [])
      .map((product) => ({
        id: product.id,
        product,
        planId: planOf(product, shownPlans, products?.data ?? []),
        parameters: product.dependsOn ? [] : TENANT_PARAMETERS,
      }))
      .reverse(),
    subscriptions: subscriptions.map((subscription) => subscriptionRecordOf(subscription, DEFAULT_TIME, shownOrders)),
    orders,
    reports: examplesOf<Report>("reports_get").map((report) => {
      const record = reportRecordOf(report, DEFAULT_TIME);
      return report.type === "on_invoice" ? withFollower(record) : record;
    }),
    drafts: drafts(),
  };
}
