import type {
  Customer,
  Money,
  OrderDetails,
  PlanDetails,
  Product,
  Report,
  Reseller,
  SubscriptionDetails,
} from "@imcloud/spec";
import { type OperationId, validateResponse } from "@imcloud/spec/validators";
import { isHeld } from "../domain/is-held.ts";
import { parameterForms } from "../domain/orders/quotes/products.ts";
import { datesAt, datesUntil } from "../domain/subscriptions.ts";
import { checkShown } from "../operations/check-responses.ts";
import type { ReportLinks } from "../operations/report-links.ts";
import { optionError } from "../option-names.ts";
import { dateOf, timeOf } from "../store/dates.ts";
import { centsOf } from "../store/money.ts";
import type {
  CustomerRecord,
  Kind,
  ParameterSpec,
  PlanRecord,
  ProductRecord,
  SubscriptionRecord,
} from "../store/records.ts";
import type { Store } from "../store/store.ts";
import { orderRecordOf, type Rows, reportRecordOf, subscriptionRecordOf } from "./examples.ts";

/** A customer of yours, as `GET /customers/{id}` shows one. */
export type CustomerFixture = Customer & {
  /**
   * What may be ordered in 30 days.
   * @defaultValue 50,000.00 of any currency
   */
  creditLimit?: Money;
};

/** A product of yours, as `GET /products` shows one. */
export type ProductFixture = Product & {
  /**
   * The plan that subscriptions of it have.
   * @defaultValue a plan is made for it
   */
  planId?: string;
  /**
   * Activation parameters that it asks for.
   * @defaultValue none
   */
  parameters?: readonly ParameterSpec[];
};

/** A subscription of yours, as `GET /subscriptions/{id}` shows one. What is left out follows from its first product and its dates. */
export type SubscriptionFixture = Pick<SubscriptionDetails, "id" | "customerId"> & Partial<SubscriptionDetails>;

/** Data of your own, in the API's own shapes: what the mock responds with. In each list, the last one is the newest. */
export interface Fixtures {
  resellers?: readonly Reseller[];
  customers?: readonly CustomerFixture[];
  plans?: readonly PlanDetails[];
  products?: readonly ProductFixture[];
  subscriptions?: readonly SubscriptionFixture[];
  /** Past orders, as `GET /orders/{id}` shows them: completed, cancelled or failed. */
  orders?: readonly OrderDetails[];
  reports?: readonly Report[];
}

/** What fixtures can be of. */
export type FixtureKind = Exclude<Kind, "drafts">;

/** Where a thing stands that a fault is in, such as `customers[1]`. */
export type PlaceOf = (kind: FixtureKind, at: number) => string;

const placeInFixtures: PlaceOf = (kind, at) => `${kind}[${at}]`;

/** The option that things come from: those of a recording have places of their own. */
const optionWith = (placeOf: PlaceOf): string => (placeOf === placeInFixtures ? "fixtures" : "replay");

/** How the document shows a thing of a kind: by which operation, and where in its response. */
const shownBy: Readonly<Record<FixtureKind, [operation: OperationId, place: "whole" | "row"]>> = {
  resellers: ["resellers_get", "whole"],
  customers: ["customers_get", "whole"],
  plans: ["plans_get", "whole"],
  products: ["products_list", "row"],
  subscriptions: ["subscriptions_get", "whole"],
  orders: ["orders_get", "whole"],
  reports: ["reports_get", "whole"],
};

const fixtureKinds = Object.keys(shownBy) as FixtureKind[];

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** More than any product is sold for, in years or in days; what a date can still be told of. */
const MAX_DURATION = 1_000;

/** The periods of a thing in which no time passes, or more than can be counted. The document bounds none (a response may say anything). */
function periodFaultsOf(thing: Record<string, unknown>, at: string): string[] {
  return ["billingPeriod", "subscriptionPeriod"].flatMap((name) => {
    const period = thing[name];
    if (!isObject(period) || typeof period.duration !== "number") return [];
    const isCountable = period.duration >= 1 && period.duration <= MAX_DURATION;
    return isCountable ? [] : [`${at}.${name}.duration must be from 1 to ${MAX_DURATION}`];
  });
}

const isOptionalText = (value: unknown) => value === undefined || typeof value === "string";

/** What is wrong with an activation parameter that a product asks for. */
function parameterFaultOf(parameter: unknown): string | undefined {
  if (!isObject(parameter)) return " must be an object";
  const { name, type, choices = [], when } = parameter;
  if (typeof name !== "string") return ".name must be a text";
  if (!Object.hasOwn(parameterForms, String(type))) {
    return `.type must be one of ${Object.keys(parameterForms).join(", ")}`;
  }
  const isChoice = (choice: unknown) =>
    isObject(choice) && typeof choice.value === "string" && isOptionalText(choice.label);
  if (!Array.isArray(choices) || !choices.every(isChoice)) return ".choices must be an array of objects with a value";
  const isCondition =
    when === undefined || (isObject(when) && typeof when.name === "string" && typeof when.value === "string");
  return isCondition ? undefined : ".when must be an object with a name and a value";
}

/** What is wrong with the members that fixtures have besides those of the API's schemas. */
function ownMemberFaultsOf(kind: FixtureKind, thing: Record<string, unknown>, at: string): string[] {
  const { creditLimit, parameters, planId } = thing;
  if (kind === "customers" && creditLimit !== undefined) {
    const { amount } = isObject(creditLimit) ? creditLimit : {};
    const isAmount = typeof amount === "string" && /^\d+(\.\d+)?$/.test(amount);
    return isAmount ? [] : [`${at}.creditLimit must be an object with an amount such as "50000.00"`];
  }
  if (kind !== "products") return [];
  const faults = isOptionalText(planId) ? [] : [`${at}.planId must be a text`];
  if (parameters === undefined) return faults;
  if (!Array.isArray(parameters)) return [...faults, `${at}.parameters must be an array`];
  const found = parameters.flatMap((parameter, place) => {
    const fault = parameterFaultOf(parameter);
    return fault === undefined ? [] : [`${at}.parameters.${place}${fault}`];
  });
  return [...faults, ...found];
}

/** What is wrong with one thing, each with its place such as `customers[1].address.city`. */
function faultsOf(kind: FixtureKind, thing: unknown, at: string): string[] {
  if (!isObject(thing)) return [`${at} must be an object`];
  if (kind !== "plans" && typeof thing.id !== "string") return [`${at}.id must be a text`];
  const [operation, place] = shownBy[kind];
  // A subscription is whole once its product is known.
  const completed = kind === "subscriptions" ? { status: "active", ...thing } : thing;
  const page = { data: [completed], pagination: { offset: 0, limit: 1, total: 1 } };
  const faults = validateResponse(operation, 200, { body: place === "row" ? page : completed });
  const found = faults.map(({ pointer, message }) => {
    const steps = pointer.split("/").slice(place === "row" ? 3 : 1);
    return `${[at, ...steps].join(".")} ${message}`;
  });
  return [...found, ...periodFaultsOf(thing, at), ...ownMemberFaultsOf(kind, thing, at)];
}

/** What is there to refer to: the fixtures themselves, and what a store has already. */
type Exists = (kind: FixtureKind, id: string) => boolean;

/** References to records that do not exist. */
function danglingReferences(fixtures: Fixtures, exists: Exists, placeOf: PlaceOf): string[] {
  const faults: string[] = [];
  const check = (at: string, kind: FixtureKind, id: string | undefined) => {
    if (id !== undefined && !exists(kind, id)) faults.push(`${at} ${JSON.stringify(id)} names none of the ${kind}`);
  };
  fixtures.customers?.forEach(({ resellerId }, at) => {
    check(`${placeOf("customers", at)}.resellerId`, "resellers", resellerId);
  });
  fixtures.products?.forEach(({ planId, dependsOn }, at) => {
    check(`${placeOf("products", at)}.planId`, "plans", planId);
    dependsOn?.forEach(({ id }, place) => {
      check(`${placeOf("products", at)}.dependsOn.${place}.id`, "products", id);
    });
  });
  fixtures.subscriptions?.forEach(({ customerId, products }, at) => {
    check(`${placeOf("subscriptions", at)}.customerId`, "customers", customerId);
    products?.forEach(({ id }, place) => {
      if (id === undefined) faults.push(`${placeOf("subscriptions", at)}.products.${place}.id must be a text`);
      check(`${placeOf("subscriptions", at)}.products.${place}.id`, "products", id);
    });
  });
  fixtures.orders?.forEach(({ customerId, subscriptionId, products }, at) => {
    check(`${placeOf("orders", at)}.customerId`, "customers", customerId);
    check(`${placeOf("orders", at)}.subscriptionId`, "subscriptions", subscriptionId);
    products?.forEach(({ id }, place) => {
      check(`${placeOf("orders", at)}.products.${place}.id`, "products", id);
    });
  });
  return faults;
}

/** Fixtures without the members of things that are `undefined`: those are left out, and get what stands for what is left out. */
function withoutUndefined(fixtures: unknown): unknown {
  if (!isObject(fixtures)) return fixtures;
  const told = (thing: unknown) =>
    isObject(thing) ? Object.fromEntries(Object.entries(thing).filter(([, member]) => member !== undefined)) : thing;
  const kinds = Object.entries(fixtures).map(([kind, things]) => [
    kind,
    Array.isArray(things) ? things.map(told) : things,
  ]);
  return Object.fromEntries(kinds);
}

const MAX_FAULTS = 20;

/**
 * Checks fixtures before they are used.
 * @param existing what a store has already
 * @throws {@link TypeError} that names the place of each fault
 */
function check(fixtures: unknown, existing: Exists, placeOf: PlaceOf): asserts fixtures is Fixtures {
  const faults: string[] = [];
  if (!isObject(fixtures)) throw optionError(TypeError, (of) => `${of("fixtures")} must be an object.`);
  for (const name of Object.keys(fixtures)) {
    if (!fixtureKinds.includes(name as FixtureKind)) {
      faults.push(`there are no ${JSON.stringify(name)}, but ${fixtureKinds.join(", ")}`);
    }
  }
  const ids = new Map<FixtureKind, Set<string>>();
  for (const kind of fixtureKinds) {
    const things = fixtures[kind] === undefined ? [] : fixtures[kind];
    const known = new Set<string>();
    ids.set(kind, known);
    if (!Array.isArray(things)) {
      faults.push(`${kind} must be an array`);
      continue;
    }
    for (const [at, thing] of things.entries()) {
      faults.push(...faultsOf(kind, thing, placeOf(kind, at)));
      if (!isObject(thing)) continue;
      if (typeof thing.id !== "string") continue;
      const { id } = thing;
      if (known.has(id)) faults.push(`${placeOf(kind, at)}.id ${JSON.stringify(id)} is there already`);
      known.add(id);
    }
  }
  if (!faults.length) {
    const exists: Exists = (kind, id) => Boolean(ids.get(kind)?.has(id)) || existing(kind, id);
    faults.push(...danglingReferences(fixtures as Fixtures, exists, placeOf));
  }
  if (!faults.length) return;
  const more = faults.length > MAX_FAULTS ? `; and ${faults.length - MAX_FAULTS} more` : "";
  throw optionError(
    TypeError,
    (of) => `${of(optionWith(placeOf))} cannot be used: ${faults.slice(0, MAX_FAULTS).join("; ")}${more}.`,
  );
}

const DEFAULT_CREDIT = 50_000_00;
const MONTH = { type: "month", duration: 1 } as const;
/** The first plan that is made for a product without one. */
const FIRST_PLAN = 290_001;

/** A subscription with what its first product and its dates say. */
function completed(fixture: SubscriptionFixture, product: ProductRecord | undefined, now: number): SubscriptionRecord {
  const period = fixture.subscriptionPeriod ?? product?.product.subscriptionPeriod ?? MONTH;
  const creationDate = fixture.creationDate ?? dateOf(now);
  const start = timeOf(creationDate);
  const renewal = fixture.renewalDate === undefined ? Number.NaN : timeOf(fixture.renewalDate);
  const { renewalDate, expirationDate } = Number.isNaN(renewal) ? datesAt(now, start, period) : datesUntil(renewal);
  const whole: SubscriptionDetails = {
    name: product?.product.name ?? fixture.id,
    status: "active",
    renewalStatus: true,
    ...{ creationDate, renewalDate, lastModifiedDate: creationDate },
    // One that is pending has no expiration date (FLD-10).
    ...(fixture.status !== "pending" && { expirationDate }),
    billingModel: product?.product.billingModel ?? "chargeBeforeBillingPeriod",
    billingPeriod: product?.product.billingPeriod ?? MONTH,
    subscriptionPeriod: period,
    ...(product && { planId: Number(product.planId) }),
    ...fixture,
  };
  const record = subscriptionRecordOf(whole, now);
  const currency = fixture.totalPrice?.currency ?? product?.product.prices?.[0]?.currency ?? record.currency;
  return { ...record, currency, attributes: fixture.attributes };
}

function catalogOf({ plans = [], products = [] }: Fixtures): { plans: PlanRecord[]; products: ProductRecord[] } {
  const planRecords = plans.map((plan): PlanRecord => ({ id: plan.id, plan }));
  const productRecords = products.map(({ planId, parameters = [], ...product }, at): ProductRecord => {
    const id = planId ?? String(FIRST_PLAN + at);
    if (planId === undefined) {
      const { name = product.id, billingModel, billingPeriod } = product;
      planRecords.push({
        id,
        plan: {
          id,
          name,
          published: true,
          ...(billingModel && { billingModel }),
          ...(billingPeriod && { billingPeriod }),
        },
      });
    }
    return { id: product.id, product, planId: id, parameters };
  });
  return { plans: planRecords, products: productRecords };
}

/**
 * The records that fixtures are for.
 * @param now milliseconds since 1970
 * @param options.existing records that a store has already
 * @param options.placeOf where a thing comes from, for messages
 * @throws {@link TypeError} that names the place of each fault
 */
export function fixtureRows(
  given: Fixtures,
  now: number,
  {
    existing = () => undefined,
    placeOf = placeInFixtures,
  }: { existing?: <K extends FixtureKind>(kind: K, id: string) => Rows[K][number] | undefined; placeOf?: PlaceOf } = {},
): Rows {
  const fixtures = withoutUndefined(given);
  check(fixtures, (kind, id) => existing(kind, id) !== undefined, placeOf);
  const { resellers = [], customers = [], subscriptions = [], orders = [], reports = [] } = fixtures;
  const catalog = catalogOf(fixtures);
  const productWith = (id: string | undefined) =>
    id === undefined ? undefined : (catalog.products.find((product) => product.id === id) ?? existing("products", id));
  const customerRecords = customers.map(
    ({ creditLimit, ...customer }): CustomerRecord => ({
      id: customer.id,
      customer: { status: "active", ...customer },
      creditLimit: creditLimit ? centsOf(creditLimit) : DEFAULT_CREDIT,
    }),
  );
  const customersById = new Map(customerRecords.map((record) => [record.id, record]));
  const isOfHeldAccount = ({ customerId }: SubscriptionRecord): boolean => {
    const customer = customersById.get(customerId) ?? existing("customers", customerId);
    return customer !== undefined && isHeld(customer);
  };
  return {
    resellers: resellers.map((reseller) => ({ id: reseller.id, reseller: { status: "active", ...reseller } })),
    customers: customerRecords,
    ...catalog,
    subscriptions: subscriptions.map((fixture) => {
      const record = completed(fixture, productWith(fixture.products?.[0]?.id), now);
      return record.status === "hold" && isOfHeldAccount(record) ? { ...record, isHeldByAccount: true } : record;
    }),
    orders: orders.map(orderRecordOf),
    reports: reports.map((report) => reportRecordOf(report, now)),
    drafts: [],
  };
}

/**
 * Validates every read that shows the records of fixtures: what follows from their numbers and dates may be what no response can show.
 * @param shown the store that has them
 * @throws {@link TypeError} that names the place of the first fault
 */
export function checkFixturesShown(
  rows: Rows,
  shown: { store: Store; links: ReportLinks },
  placeOf: PlaceOf = placeInFixtures,
): void {
  for (const kind of fixtureKinds) {
    for (const [at, row] of rows[kind].entries()) {
      checkShown([[kind, row]], shown, (what) => {
        const place = placeOf(kind, at);
        throw optionError(
          TypeError,
          (of) => `${of(optionWith(placeOf))} cannot be used: ${place} could not be shown: ${what}.`,
        );
      });
    }
  }
}
