import type { ParameterValue, Period } from "@imcloud/spec";
import type { ParameterSpec, ProductRecord } from "../../../store/records.ts";
import type { Store } from "../../../store/store.ts";
import { invalid, requireReference } from "../../errors.ts";
import type { OrderBodyProduct } from "../body.ts";

type Wanted = {
  [Name in "id" | "mpn" | "vendor" | "billingPeriod" | "subscriptionPeriod"]?: OrderBodyProduct[Name] | undefined;
};

const isSame = (one: Period | undefined, other: Period | undefined) =>
  one?.type === other?.type && one?.duration === other?.duration;

const words = (period: Period | undefined) => (period ? `${period.duration} ${period.type}` : "no period");

/** The product that a request means: by its id, or by an MPN that names one product only. */
export function productOf(store: Store, wanted: Wanted): ProductRecord {
  const { id, mpn, vendor, billingPeriod, subscriptionPeriod } = wanted;
  if (id === undefined && mpn === undefined) return invalid("Each product needs an id or an mpn");
  if (id !== undefined) {
    const product = requireReference(store.products.get(id), "Product id", id, "GET /products");
    if (mpn === undefined || product.product.mpn === mpn) return product;
    return invalid(`Product ${id} has the mpn ${product.product.mpn}, not ${mpn}; send the one or the other`);
  }
  const fitting = [...store.products.newestFirst()].filter(
    ({ product }) =>
      product.mpn === mpn &&
      (vendor === undefined || product.vendor === vendor) &&
      (!billingPeriod || isSame(product.billingPeriod, billingPeriod)) &&
      (!subscriptionPeriod || isSame(product.subscriptionPeriod, subscriptionPeriod)),
  );
  const [only, ...more] = fitting;
  if (!only) return requireReference<ProductRecord>(undefined, "Product mpn", mpn, "GET /products");
  if (!more.length) return only;
  const choices = fitting.map(
    ({ id, product }) => `${id} (${words(product.subscriptionPeriod)}, billed by ${words(product.billingPeriod)})`,
  );
  return invalid(
    `Product mpn ${mpn} names ${fitting.length} products: ${choices.join(", ")}; send the id, or both periods as well`,
  );
}

/** The fewest and the most units of a product that a subscription can hold (PROD-02). */
export const boundsOf = ({ product }: ProductRecord): { min: number; max: number } => ({
  min: Number(product.minimumQuantity ?? 0),
  max: Number(product.maximumQuantity ?? Infinity),
});

/**
 * Checks the units that a subscription is to hold of a product.
 * @throws {@link DomainError}
 */
export function checkQuantity(record: ProductRecord, quantity: number): void {
  const { min, max } = boundsOf(record);
  if (quantity >= min && quantity <= max) return;
  const { id, product } = record;
  invalid(`A subscription holds quantities from ${min} to ${max} of product ${id} (${product.mpn}); got ${quantity}`);
}

/** What a value of each type of parameter looks like. */
export const parameterForms: Readonly<Record<ParameterSpec["type"], RegExp>> = {
  domain: /^[a-z0-9]{1,27}\.onmicrosoft\.com$/i,
  email: /^[^\s@]+@[^\s@]+\.[^\s@]+$/,
  uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
  choice: /^/,
  text: /^./,
  isoDate: /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/,
  date: /^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])-\d{4}$/,
  attestation: /^/,
};

/** What a value of a type looks like, in words. */
const WORDS: Readonly<Partial<Record<ParameterSpec["type"], string>>> = {
  domain: "a domain that ends in .onmicrosoft.com",
  email: "an email address",
  uuid: "a UUID",
  date: "a date as MM-DD-YYYY",
  isoDate: "a date as YYYY-MM-DD",
};

/** The parameters that a product asks for where these values were given. */
export const parametersFor = (
  { parameters }: ProductRecord,
  values: Readonly<Record<string, unknown>>,
): readonly ParameterSpec[] => parameters.filter(({ when }) => !when || values[when.name] === when.value);

/** The parameters that must not be sent with the values that were given (PAR-06). */
export const forbiddenIn = (
  { parameters }: ProductRecord,
  values: Readonly<Record<string, unknown>>,
): { name: string; type: ParameterSpec["type"]; fault: string }[] =>
  parameters.flatMap(({ name, type, when, isOnlyThen }) =>
    isOnlyThen && when && values[name] !== undefined && values[when.name] !== when.value
      ? [{ name, type, fault: `Send it only where ${when.name} is ${when.value}.` }]
      : [],
  );

/** What is wrong with a parameter's value; `undefined` when nothing is. */
export function faultOf({ type, choices }: ParameterSpec, value: unknown): string | undefined {
  if (value === undefined || value === "") return "A value is needed.";
  if (type === "attestation") {
    const isAccepted = (value as { attestation_accepted?: unknown } | null)?.attestation_accepted === true;
    return isAccepted ? undefined : "Send a structured_value with attestation_accepted true.";
  }
  if (typeof value !== "string") return "The value must be a text.";
  if (choices && !choices.some((choice) => choice.value === value)) {
    return `The value must be one of: ${choices.map((choice) => choice.value).join(", ")}.`;
  }
  return parameterForms[type].test(value) ? undefined : `The value is not ${WORDS[type] ?? type}.`;
}

export const valuesOf = (parameters: readonly ParameterValue[] = []): Record<string, unknown> =>
  Object.fromEntries(parameters.map(({ name, value, structured_value }) => [name, value ?? structured_value]));

/**
 * Checks the parameters that a product is activated with. Those that the product does not know are let through.
 * @throws {@link DomainError}
 */
export function checkParameters(product: ProductRecord, parameters: readonly ParameterValue[] = []): void {
  const values = valuesOf(parameters);
  const asked = parametersFor(product, values).flatMap((spec) => {
    const value = values[spec.name];
    if (value === undefined && !spec.isNeeded) return [];
    const fault = faultOf(spec, value);
    return fault ? [`${spec.name}: ${fault}`] : [];
  });
  const faults = [...asked, ...forbiddenIn(product, values).map(({ name, fault }) => `${name}: ${fault}`)];
  if (!faults.length) return;
  invalid(
    `The parameters of product ${product.id} are not complete: ${faults.join(" ")} POST /validation/parameters tells them all`,
  );
}
