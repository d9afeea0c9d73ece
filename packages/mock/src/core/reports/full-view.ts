import type { Cents } from "../store/money.ts";
import type { Charge, RatedLine } from "./rated-lines.ts";
import type { Columns } from "./table.ts";

/** Amounts have four decimals, as invoices are reconciled to them. */
const decimal = (cents: Cents): string => (cents / 100).toFixed(4);

const TYPES: Readonly<Record<RatedLine["line"]["kind"], string>> = {
  setup: "Setup",
  recurring: "Recurring",
  recurringRefund: "Refund",
  switch: "Switch",
};

/** The columns of an account's charge for a line (FLD-19). */
const chargeColumns = (
  account: "RESELLER" | "CUSTOMER",
  chargeOf: (rated: RatedLine) => Charge,
): Columns<RatedLine> => ({
  [`${account}_INVOICE_NUMBER`]: ({ order }) => order.orderNumber,
  [`${account}_INVOICE_DATE`]: ({ firstDay }) => firstDay,
  [`${account}_RESOURCE_MPN`]: ({ product }) => product?.mpn,
  [`${account}_RESOURCE_NAME`]: ({ product }) => product?.name,
  [`${account}_DETAIL_TYPE`]: ({ line }) => TYPES[line.kind],
  [`${account}_DETAIL_DESCRIPTION`]: ({ description }) => description,
  [`${account}_DETAIL_SKU`]: ({ product }) => product?.mpn,
  [`${account}_DETAIL_QTY`]: ({ line }) => line.units,
  [`${account}_DETAIL_UNIT_PRICE`]: (rated) => decimal(chargeOf(rated).unit),
  [`${account}_DETAIL_NET_TOTAL`]: (rated) => decimal(chargeOf(rated).net),
  [`${account}_DETAIL_TOTAL`]: (rated) => decimal(chargeOf(rated).total),
  [`${account}_DETAIL_SALES_UNIT_PRICE`]: ({ customerCharge }) => decimal(customerCharge.unit),
  [`${account}_DETAIL_SALES_TOTAL`]: ({ customerCharge }) => decimal(customerCharge.total),
  [`${account}_DETAIL_START_DATE`]: ({ firstDay }) => firstDay,
  [`${account}_DETAIL_END_DATE`]: ({ lastDay }) => lastDay,
  [`${account}_ACTUAL_DETAIL_START_DATE`]: ({ firstDay }) => firstDay,
  [`${account}_ACTUAL_DETAIL_END_DATE`]: ({ lastDay }) => lastDay,
  [`${account}_TOTAL`]: (rated) => decimal(chargeOf(rated).invoice),
});

/**
 * The full view: the reseller's charge and the customer's charge of a line, side by side (REP-08, REP-13, FLD-19). An order's number
 * stands for its invoice's; that is a rule of the mock's own, so that lines can be reconciled with orders.
 */
export const fullView: Columns<RatedLine> = {
  // 1 for resellers right below the provider.
  RESELLER_ACCOUNT_ID: ({ reseller, isFirstLevel }) => (isFirstLevel ? 1 : Number(reseller?.id)),
  RESELLER_NAME: ({ reseller }) => reseller?.name,
  RESELLER_ACCOUNT_CURRENCY: ({ order }) => order.currency,
  // Invoices are for whole months here.
  RESELLER_ACCOUNT_STATEMENT_DAY: () => 1,
  ...chargeColumns("RESELLER", ({ resellerCharge }) => resellerCharge),
  CUSTOMER_ACCOUNT_ID: ({ order }) => order.customerId,
  CUSTOMER_NAME: ({ customer }) => customer?.name,
  CUSTOMER_PLAN_ID: ({ subscription }) => subscription?.planId,
  ...chargeColumns("CUSTOMER", ({ customerCharge }) => customerCharge),
  SUBSCRIPTION_ID: ({ order }) => order.subscriptionIds.join(" "),
  VENDOR_SUBSCRIPTION_NUMBER: ({ vendorSubscriptionId }) => vendorSubscriptionId,
};
