import type { Report } from "@imcloud/spec";
import type { Store } from "../store/store.ts";
import { accountsOf, accountView } from "./accounts.ts";
import { fullView } from "./full-view.ts";
import { ratedLinesOf } from "./rated-lines.ts";
import { shortView } from "./short-view.ts";
import { subscriptionResources, subscriptionResourcesOf } from "./subscription-resources.ts";
import { type ReportTable, tableOf } from "./table.ts";

/**
 * The contents of a report's file. In the platform a report's name selects one of the set-up reports. Here the words "short view",
 * "subscription resources" and "accounts" in its name, or in its template's, select these layouts, and every other name the full view.
 */
export function contentOf(store: Store, report: Omit<Report, "downloadUrl">): ReportTable {
  const names = `${report.name} ${report.customizationName ?? ""}`.toLowerCase();
  if (names.includes("subscription resources")) return tableOf(subscriptionResources, subscriptionResourcesOf(store));
  if (/\baccounts\b/.test(names)) return tableOf(accountView, accountsOf(store));
  return tableOf(names.includes("short view") ? shortView : fullView, ratedLinesOf(store, report));
}
