import type { Document } from "@imcloud/openapi-tools/document";
import { type ObjectComponents, type ObjectModel, objectModel } from "@imcloud/openapi-tools/reference";

/** An object that has a page. */
export interface ObjectPage extends ObjectModel {
  /** Its address on the site, from its root. */
  page: string;
  /** As people call it. */
  name: string;
}

/** The objects that people ask about, with the schemas that tell of each. */
const components: Record<string, ObjectComponents> = {
  Customer: { whole: "Customer", forms: ["CustomerRow", "CustomerCreate", "CustomerUpdate"] },
  Order: { whole: "OrderDetails", forms: ["Order", "OrderCreate", "OrderUpdate", "OrderEstimate"] },
  Subscription: { whole: "SubscriptionDetails", forms: ["Subscription", "SubscriptionUpdate", "SpecialPricingUpdate"] },
  Report: { whole: "Report", forms: ["ReportRow", "ReportCreate"] },
};

/** The objects of a document that have pages. */
export const objectPages = (document: Document): ObjectPage[] =>
  Object.entries(components).map(([name, of]) => ({
    ...objectModel(document, of),
    name,
    page: `objects/${name.toLowerCase()}`,
  }));
