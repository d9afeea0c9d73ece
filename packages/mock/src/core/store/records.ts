import type {
  Attributes,
  Customer,
  OrderDetails,
  ParameterValue,
  Period,
  Plan,
  PlanDetails,
  Product,
  Report,
  Reseller,
  SubscriptionParameter,
  SubscriptionProduct,
  UnitPrice,
} from "@imcloud/spec";
import type { Cents } from "./money.ts";

/**
 * What the store is made of. Records are values: a change puts a new record in the place of the old one, so that a snapshot is
 * a list of them. What the API shows of a record is made when it is read.
 */
export interface StoredRecord {
  readonly id: string;
  /** Milliseconds since 1970 at which it moves on by itself; `undefined` when nothing is to come. */
  readonly nextAt?: number | undefined;
}

export interface CustomerRecord extends StoredRecord {
  readonly customer: Customer;
  /** What may be ordered in 30 days. */
  readonly creditLimit: Cents;
}

export interface ResellerRecord extends StoredRecord {
  readonly reseller: Reseller;
}

export interface PlanRecord extends StoredRecord {
  readonly plan: PlanDetails;
}

/** An activation parameter that a product asks for. */
export interface ParameterSpec {
  readonly name: string;
  readonly type: "domain" | "choice" | "email" | "uuid" | "text" | "date" | "attestation";
  /** An order must have it; others have a default. */
  readonly isNeeded: boolean;
  readonly choices?: readonly { label: string; value: string; default: boolean }[];
  /** Asked for only once another parameter has this value. */
  readonly when?: { readonly name: string; readonly value: string };
}

export interface ProductRecord extends StoredRecord {
  readonly product: Product & { id: string };
  readonly planId: string;
  readonly parameters: readonly ParameterSpec[];
}

/** One priced line of an order: units × price, prorated, − discount + tax. */
export interface OrderLine {
  readonly kind: "setup" | "recurring" | "recurringRefund" | "switch";
  readonly productId: string;
  /** Signed: a change to fewer units gives money back. */
  readonly units: number;
  readonly unit: Cents;
  /** Percent off. */
  readonly discount: number;
  /** Hundredths of a percent on what is left. */
  readonly taxRate: number;
  /** The time that the line charges for; a part of a billing period is charged by the day (ORD-15). */
  readonly period?: ChargedPeriod | undefined;
}

/** Days of a billing period that are charged. */
export interface ChargedPeriod {
  /** First and last day, `2026-10-02`. */
  readonly from: string;
  readonly through: string;
  readonly days: number;
  /** Days of the whole billing period. */
  readonly of: number;
}

/** A product of an order. */
export interface OrderItem {
  readonly productId: string;
  /** As it is read: of a change the signed difference, of one scheduled for the renewal the new total. */
  readonly quantity: number;
  /** The quantity that the subscription has once the order is completed. */
  readonly total: number;
  /** The product that takes the place of this one. */
  readonly newProductId?: string | undefined;
  /** The plan of the product that needs this one, which the platform added (PROD-03). */
  readonly planId?: string | undefined;
  readonly subscriptionId?: string | undefined;
  readonly special?: SpecialPrices | undefined;
  readonly parameters?: readonly ParameterValue[] | undefined;
}

/** Prices of a subscription's product that are not the catalog's. */
export interface SpecialPrices {
  readonly unitPrice?: UnitPrice | undefined;
  readonly unitCost?: UnitPrice | undefined;
  readonly unitProviderCost?: { currency: string; amount: string } | undefined;
}

/** The codes of where an order stands that the mock plays. */
export type OrderStatusCode =
  | ("NW" | "OP" | "PD" | "I4" | "PR" | "PC" | "CP")
  | ("AS" | "HL" | "NP" | "WP" | "WA" | "SS" | "LO" | "MO" | "PF" | "CL");

/** A state at which an order stops on its way. */
export interface OrderStop {
  readonly statusCode: OrderStatusCode;
  /** Milliseconds of the mock's clock until it goes on; without them it waits for somebody. */
  readonly milliseconds?: number | undefined;
}

export interface OrderRecord extends StoredRecord {
  readonly type: "sales" | "change" | "renewal" | "cancellation" | "migration";
  readonly orderNumber?: string | undefined;
  readonly customerId: string;
  readonly createdAt: number;
  readonly creationDate: string;
  readonly provisioningDate?: string | undefined;
  readonly statusCode: OrderStatusCode;
  readonly currency: string;
  readonly lines: readonly OrderLine[];
  readonly items: readonly OrderItem[];
  readonly subscriptionIds: readonly string[];
  /** What the API shows beside all this, as it was submitted, or as an example of the document has it. */
  readonly shown: Partial<OrderDetails>;
  /** It waits for the renewal, or for a date of its own. */
  readonly scheduled?: "renewal" | "date" | undefined;
  /** Where it stops on its way. */
  readonly stop?: OrderStop | undefined;
  /** What it is for is done, though it is not complete (ORD-08). */
  readonly isCarriedOut?: boolean | undefined;
  readonly migration?: { startDate?: string; expirationDate?: string; autorenewal?: boolean } | undefined;
}

export interface SubscriptionProductRecord {
  readonly productId: string;
  readonly quantity: number;
  readonly special?: SpecialPrices | undefined;
  readonly vendorSubscriptionId?: string | undefined;
  /** What an example of the document shows of it; what the mock works out goes before. */
  readonly shown?: SubscriptionProduct | undefined;
}

export interface SubscriptionRecord extends StoredRecord {
  readonly name: string;
  readonly customerId: string;
  readonly planId: string;
  readonly status: "pending" | "active" | "hold" | "terminated" | "removed";
  readonly attributes?: Attributes | undefined;
  readonly renewalStatus: boolean;
  readonly creationDate: string;
  readonly renewalDate: string;
  readonly lastModifiedDate: string;
  /** Missing while the subscription is pending (FLD-10). */
  readonly expirationDate?: string | undefined;
  readonly billingModel: NonNullable<Plan["billingModel"]>;
  readonly billingPeriod: Period;
  readonly subscriptionPeriod: Period;
  readonly currency: string;
  readonly products: readonly SubscriptionProductRecord[];
  readonly orderParameters: readonly SubscriptionParameter[];
  readonly fulfillmentParameters: readonly SubscriptionParameter[];
  /** The number that its order was placed under, which its renewals carry too (FLD-09). */
  readonly poNumber?: string | undefined;
  /** It is on hold because its account is, and goes on with it (CUST-10). */
  readonly isHeldByAccount?: boolean | undefined;
  /** Milliseconds since 1970 of the last order, renewal or added seats, from which the vendor's window for a cancellation counts. */
  readonly committedAt: number;
}

export interface ReportRecord extends StoredRecord {
  readonly report: Omit<Report, "downloadUrl">;
  readonly createdAt: number;
}

/** What was submitted of a product's parameters in the rounds of a validation. */
export interface DraftRecord extends StoredRecord {
  readonly productId: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** Every kind of record by the name of its collection. */
export interface Records {
  customers: CustomerRecord;
  resellers: ResellerRecord;
  plans: PlanRecord;
  products: ProductRecord;
  subscriptions: SubscriptionRecord;
  orders: OrderRecord;
  reports: ReportRecord;
  drafts: DraftRecord;
}

export type Kind = keyof Records;
