import type {
  ParameterValidationProduct,
  ParameterValidationRequest,
  ParameterValidationResult,
  Plan,
} from "@imcloud/spec";
import { customerOf } from "../rules/accounts.ts";
import { faultOf, parametersFor, productOf, valuesOf } from "../rules/products.ts";
import { found, named, refuse } from "../rules/refusal.ts";
import type { PlanRecord } from "../world/records.ts";
import type { World } from "../world/world.ts";
import type { Handler } from "./call.ts";
import { equals, pageOf, pagingOf, resembles } from "./lists.ts";
import { given } from "./show-order.ts";

function showPlan({ plan }: PlanRecord): Plan {
  const { planSwitches: _, ...row } = plan;
  return row;
}

/** One round for one product: what was said so far, and what of it is right. */
function validate(world: World, asked: ParameterValidationProduct): ParameterValidationResult {
  const record = productOf(world, asked);
  const before =
    asked.draftRequestId === undefined
      ? undefined
      : named(world.drafts.get(asked.draftRequestId), "draftRequestId", asked.draftRequestId, "The round before");
  if (before && before.productId !== record.id) {
    refuse(`draftRequestId ${before.id} is for product ${before.productId}, not ${record.id}`);
  }
  const values: Record<string, unknown> = { ...before?.parameters, ...valuesOf(asked.parameters) };
  const number = before ? "" : world.nextId("drafts").padStart(8, "0");
  const id = before?.id ?? `PR-${number.slice(0, -4)}-${number.slice(-4)}`;
  world.drafts.put({ id, productId: record.id, parameters: values });
  const { mpn, vendor, billingPeriod, subscriptionPeriod } = record.product;
  return {
    id: record.id,
    ...given("mpn", mpn),
    ...given("vendor", vendor),
    ...given("billingPeriod", billingPeriod),
    ...given("subscriptionPeriod", subscriptionPeriod),
    draftRequestId: id,
    parameters: parametersFor(record, values).map((spec) => {
      const value = values[spec.name];
      const fault = faultOf(spec, value);
      return {
        name: spec.name,
        result: fault ? "error" : "success",
        ...(typeof value === "string" && { value }),
        ...(fault ? { valueError: fault } : { message: "The value is good." }),
        ...given("valueChoices", spec.choices && [...spec.choices]),
        phase: "order",
        reconciliation: false,
        type: spec.type,
      };
    }),
  };
}

export const catalogue: Record<string, Handler> = {
  products_list: (call) =>
    pageOf(
      call,
      call.world.products,
      [
        resembles(call, "name", ({ product }) => product.name),
        resembles(call, "serviceName", ({ product }) => product.serviceName),
        equals(call, "mpn", ({ product }) => product.mpn),
        resembles(call, "vendor", ({ product }) => product.vendor),
      ],
      ({ product }) => product,
    ),
  plans_list: (call) => pageOf(call, call.world.plans, [], showPlan),
  plans_get: ({ world, id }) => found(world.plans.get(id), "plan", id).plan,
  validation_parameters(call) {
    const { customerId, products } = call.body as ParameterValidationRequest;
    customerOf(call.world, customerId);
    const data = products.map((product) => validate(call.world, product));
    return { data, pagination: { ...pagingOf(call), total: data.length } };
  },
};
