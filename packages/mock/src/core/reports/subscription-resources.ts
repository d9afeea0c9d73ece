import type { Product } from "@imcloud/spec";
import type { Store } from "../store/store.ts";
import type { Columns } from "./table.ts";

/** A product in an active subscription. */
export interface SubscriptionResource {
  subscriptionId: string;
  productId: string;
  product: Product | undefined;
  quantity: number;
}

/** Every product of the active subscriptions, newest first. */
export function* subscriptionResourcesOf(store: Store): Generator<SubscriptionResource, void, undefined> {
  for (const { id, status, products } of [...store.subscriptions.newestFirst()]) {
    if (status !== "active") continue;
    for (const { productId, quantity } of products) {
      yield { subscriptionId: id, productId, quantity, product: store.products.get(productId)?.product };
    }
  }
}

/** The report of subscription resources: the seats of every subscription (REP-12). Here plans include nothing; all seats are ordered. */
export const subscriptionResources: Columns<SubscriptionResource> = {
  SUBSCRIPTION_ID: ({ subscriptionId }) => subscriptionId,
  SUBSCRIPTION_RESOURCE_ID: ({ productId }) => productId,
  SUBSCRIPTION_RESOURCE_NAME: ({ product }) => product?.name,
  SUBSCRIPTION_RESOURCE_INCL_AMOUNT: () => 0,
  SUBSCRIPTION_RESOURCE_ADDITIONAL_AMOUNT: ({ quantity }) => quantity,
  SUBSCRIPTION_RESOURCE_ORDERED_AMOUNT: ({ quantity }) => quantity,
  SUBSCRIPTION_RESOURCE_STATUS: () => "Installed",
};
