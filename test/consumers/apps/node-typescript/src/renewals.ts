import { type DueSubscription, days, type ImcloudClient } from "@imcloud/client";

export interface Renewal {
  subscription: string;
  customer: string | undefined;
  day: string;
  action: DueSubscription["action"];
}

/** What renews or ends in the next days, the soonest first. */
export async function renewals(imcloud: ImcloudClient, within: number): Promise<Renewal[]> {
  const found: Renewal[] = [];
  for await (const { subscription, day, action } of imcloud.subscriptions.due({ within: days(within) })) {
    found.push({ subscription: subscription.id, customer: subscription.customerId, day, action });
  }
  return found;
}
