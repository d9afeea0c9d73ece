import type { ParameterValidationProduct, ParameterValidationResult, Plan, ValidatedParameter } from "@imcloud/spec";
import { customerOf } from "../domain/accounts.ts";
import { invalid, requireFound, requireReference } from "../domain/errors.ts";
import { contradictions } from "../domain/orders/quotes/no-effect.ts";
import { faultOf, forbiddenIn, parametersFor, productOf, valuesOf } from "../domain/orders/quotes/products.ts";
import type { WithoutNull } from "../messages/body.ts";
import { uuidOf } from "../store/ids.ts";
import type { ParameterSpec, PlanRecord } from "../store/records.ts";
import type { Store } from "../store/store.ts";
import type { CallContext, HandlersOf } from "./handler.ts";
import { containsWords, equals, pageOf, pagingOf } from "./lists.ts";
import { merged } from "./merge-values.ts";
import { optional } from "./order-view.ts";

function showPlan({ plan }: PlanRecord): Plan {
  const { planSwitches: _, ...row } = plan;
  return row;
}

/** The validation result of a parameter's value. */
function validated(spec: ParameterSpec, value: unknown): ValidatedParameter {
  const fault = faultOf(spec, value);
  return {
    name: spec.name,
    result: fault ? "error" : "success",
    ...(typeof value === "string" && { value }),
    ...(typeof value === "object" && { structured_value: value }),
    ...(fault ? { valueError: fault } : { message: "The value is good." }),
    ...optional("valueChoices", spec.choices && [...spec.choices]),
    phase: "Ordering",
    reconciliation: false,
    type: spec.type,
  };
}

/** Validates one product in one round: the values so far, and whether each is valid. */
function validate(store: Store, asked: WithoutNull<ParameterValidationProduct>): ParameterValidationResult {
  const record = productOf(store, asked);
  const before =
    asked.draftRequestId === undefined
      ? undefined
      : requireReference(
          store.drafts.get(asked.draftRequestId),
          "draftRequestId",
          asked.draftRequestId,
          "The round before",
        );
  if (before && before.productId !== record.id) {
    invalid(`draftRequestId ${before.id} is for product ${before.productId}, not ${record.id}`);
  }
  const values: Record<string, unknown> = merged("parameters", before?.parameters, valuesOf(asked.parameters));
  const id = before?.id ?? uuidOf("draft", store.nextId("drafts"));
  store.drafts.put({ id, productId: record.id, parameters: values });
  const { mpn, vendor, billingPeriod, subscriptionPeriod } = record.product;
  return {
    id: record.id,
    ...optional("mpn", mpn),
    ...optional("vendor", vendor),
    ...optional("billingPeriod", billingPeriod),
    ...optional("subscriptionPeriod", subscriptionPeriod),
    draftRequestId: id,
    parameters: [
      ...parametersFor(record, values).map((spec) => validated(spec, values[spec.name])),
      ...forbiddenIn(record, values).map(({ name, type, fault }) => ({
        ...{ name, result: "error", valueError: fault, phase: "Ordering", reconciliation: false, type },
      })),
    ],
  };
}

/**
 * Notes what has no effect: parameters that the product does not need with these values, and contradictions to the product.
 */
function noteIgnored(
  { store, note }: CallContext,
  asked: WithoutNull<ParameterValidationProduct>,
  { parameters = [] }: ParameterValidationResult,
  path: string,
): void {
  for (const problem of contradictions(asked, store, path)) note(problem);
  const known = new Set(parameters.map(({ name }) => name));
  for (const [at, { name }] of asked.parameters.entries()) {
    if (!known.has(name)) note(`body member ${JSON.stringify(`${path}.parameters.${at}`)} is not asked for`);
  }
}

export const products: HandlersOf<"products"> = {
  products_list: (call) =>
    pageOf(
      call,
      call.store.products,
      [
        containsWords(call, "name", ({ product }) => product.name),
        containsWords(call, "serviceName", ({ product }) => product.serviceName),
        equals(call, "mpn", ({ product }) => product.mpn),
        containsWords(call, "vendor", ({ product }) => product.vendor),
      ],
      ({ product }) => product,
    ),
};

export const plans: HandlersOf<"plans"> = {
  plans_list: (call) => pageOf(call, call.store.plans, [], showPlan),
  plans_get: ({ store, params }) => requireFound(store.plans.get(params.id), "plan", params.id).plan,
};

export const validation: HandlersOf<"validation"> = {
  validation_parameters(call) {
    const { customerId, products } = call.body;
    customerOf(call.store, customerId);
    const data = products.map((product, at) => {
      const result = validate(call.store, product);
      noteIgnored(call, product, result, `products.${at}`);
      return result;
    });
    return { data, pagination: { ...pagingOf(call), total: data.length } };
  },
};
