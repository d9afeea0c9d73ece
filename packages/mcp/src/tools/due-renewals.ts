import { type DueSubscription, days } from "@imcloud/client";
import { z } from "zod";
import { cutPart } from "./lists.ts";
import { id, paging, READS, tool, wholeNumber } from "./tool.ts";

/** Tells what renews or ends soon. */
export const dueRenewals = tool({
  name: "due_renewals",
  title: "Due renewals",
  description:
    "Lists the active subscriptions that renew by themselves or end within some days, the soonest first, overdue ones included, with their customers' names.",
  input: z.strictObject({ days: wholeNumber(1, 400).default(30), customerId: id.optional(), ...paging }),
  data: "counts: { renews, ends } of all; rows: day, action (renews or ends), subscriptionId, name, customerId, customerName",
  annotations: READS,
  async run({ days: within, limit, offset, ...query }, { imcloud, signal, customerNames, progress }) {
    const all: DueSubscription[] = [];
    progress(0, undefined, "Reading the active subscriptions");
    for await (const due of imcloud.subscriptions.due({ within: days(within), ...query }, { signal })) all.push(due);
    const { rows, part } = cutPart(all, { limit, offset });
    const names = await customerNames.of(
      rows.map(({ subscription }) => subscription.customerId),
      signal,
    );
    return {
      data: {
        counts: {
          renews: all.filter(({ action }) => action === "renews").length,
          ends: all.filter(({ action }) => action === "ends").length,
        },
        rows: rows.map(({ day, action, subscription: { id: subscriptionId, name, customerId } }) => ({
          ...{ day, action, subscriptionId, name, customerId, customerName: names.get(customerId) },
        })),
      },
      part,
    };
  },
});
