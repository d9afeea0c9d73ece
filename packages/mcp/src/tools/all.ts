import { customerOverview } from "./customer-overview.ts";
import { readDocsPage, searchDocs } from "./docs.ts";
import { dueRenewals } from "./due-renewals.ts";
import { estimateOrder, estimateSeats } from "./estimates.ts";
import { findCustomers } from "./find-customers.ts";
import { findOrders } from "./find-orders.ts";
import { findProducts } from "./find-products.ts";
import { findSubscriptions } from "./find-subscriptions.ts";
import { readReport, runReport } from "./reports.ts";
import type { Tool } from "./tool.ts";
import { changeSeats, placeOrder } from "./writes.ts";

const READING: readonly Tool[] = [
  ...[findCustomers, customerOverview, findSubscriptions, dueRenewals, findOrders, findProducts],
  ...[estimateOrder, estimateSeats, runReport, readReport, searchDocs, readDocsPage],
];
const WRITING: readonly Tool[] = [placeOrder, changeSeats];

/** The tools of a server. One that is read-only does not have those that write. */
export const toolsOf = ({ allowWrites }: { allowWrites: boolean }): readonly Tool[] =>
  allowWrites ? [...READING, ...WRITING] : READING;
