import type { RatedLine } from "./rated-lines.ts";
import type { Columns } from "./table.ts";

/** The short view, whose column names have blanks (REP-09). Its further columns are not known. */
export const shortView: Columns<RatedLine> = {
  "Reseller ID": ({ reseller }) => Number(reseller?.id ?? 1),
  "Reseller Company Name": ({ reseller }) => reseller?.name,
  "Customer Account ID": ({ order }) => order.customerId,
  "End Customer Name": ({ customer }) => customer?.name,
  "Subscription ID": ({ order }) => order.subscriptionIds.join(" "),
  "Subscription Name": ({ subscription }) => subscription?.name,
  "Subscription Expiration Date": ({ subscription }) => subscription?.expirationDate,
  "Plan ID": ({ subscription }) => subscription?.planId,
};
