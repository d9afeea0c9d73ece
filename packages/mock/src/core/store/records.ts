import type {
  Attributes,
  Customer,
  OrderDetails,
  OrderProduct,
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
  /** The reseller above it; none of those right below the provider (CUST-12). */
  readonly parentId?: string | undefined;
}

export interface PlanRecord extends StoredRecord {
  readonly plan: PlanDetails;
}

/** An activation parameter that a product asks for. */
export interface ParameterSpec {
  readonly name: string;
  readonly type: "domain" | "choice" | "email" | "uuid" | "text" | "date" | "isoDate" | "attestation";
  /** An order must have it; others have a default. */
  readonly isNeeded: boolean;
  readonly choices?: readonly { label: string; value: string; default: boolean }[];
  /** Asked for only once another parameter has this value. */
  readonly when?: { readonly name: string; readonly value: string };
  /**
   * It must not be sent otherwise.
   * @defaultValue false
   */
  readonly isOnlyThen?: boolean;
}

export interface ProductRecord extends StoredRecord {
  readonly product: Product & { id: string };
  readonly planId: string;
  /** No vendor delivers it, so nothing of it can wait for a renewal (ORD-23). */
  readonly isInternal?: boolean | undefined;
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
  /** Of a partial upgrade, where its units go (ORD-31). */
  readonly move?: Move | undefined;
}

/** The subscription that a partial upgrade puts units in. */
export interface Move {
  /** What the product's `type` is read as. */
  readonly type: NonNullable<OrderProduct["type"]>;
  /** Missing until a new one is made. */
  readonly subscriptionId?: string | undefined;
  readonly isNew: boolean;
}

/** What the end of a subscription is aligned with. */
export interface Alignment {
  readonly type: "CO_TERM_ON_SUBSCRIPTION" | "MATCH_END_OF_CALENDAR_MONTH";
  readonly subscriptionId?: string | undefined;
}

/** What a switch to another plan does to the dates of a subscription (ORD-28). */
export type UpgradeStart = "FROM_DATE_OF_UPGRADE" | "FROM_OLD_START_DATE";

/** Prices of a subscription's product that are not the catalog's. */
export interface SpecialPrices {
  readonly unitPrice?: UnitPrice | undefined;
  readonly unitCost?: UnitPrice | undefined;
  readonly unitProviderCost?: { currency: string; amount: string } | undefined;
}

/** The codes of where an order stands that the mock plays. */
export type OrderStatusCode =
  | ("NW" | "OP" | "PD" | "I4" | "PR" | "PC" | "CP")
  | ("AS" | "WS" | "HL" | "NP" | "WP" | "WZ" | "WA" | "SS" | "LO" | "MO" | "PF" | "CL");

/** A state at which an order stops on its way. */
export interface OrderStop {
  readonly statusCode: OrderStatusCode;
  /** Milliseconds of the mock's clock until it goes on; without them it waits for somebody. */
  readonly milliseconds?: number | undefined;
  /** It is the hold of the account, and ends with it. */
  readonly isOfAccount?: boolean | undefined;
}

/** What an order that is placed by somebody is for. */
export type PlacedType = "sales" | "change" | "renewal" | "cancellation" | "migration";

export interface OrderRecord extends StoredRecord {
  /** Billing and payment orders are of no type that the API names, and read as `unknown`. */
  readonly type: PlacedType | "unknown";
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
  /** What the API shows besides, as it was submitted, or as an example of the document has it. */
  readonly shown: Partial<OrderDetails>;
  /** It waits for the renewal, or for a date of its own. */
  readonly scheduled?: "renewal" | "date" | undefined;
  /** Milliseconds since 1970 from which on it can be carried out. */
  readonly dueAt?: number | undefined;
  /** The installation holds it back though nobody scheduled it (ORD-27). */
  readonly isHeldBack?: boolean | undefined;
  readonly alignment?: Alignment | undefined;
  readonly upgradeStart?: UpgradeStart | undefined;
  /** Where it stops on its way. */
  readonly stop?: OrderStop | undefined;
  /** Where it waited when its account was put on hold, and goes on waiting after that. */
  readonly heldFrom?: Pick<OrderRecord, "statusCode" | "nextAt"> | undefined;
  /** What it is for is done, though it is not complete (ORD-08). */
  readonly isCarriedOut?: boolean | undefined;
  readonly migration?: { startDate?: string; expirationDate?: string; autorenewal?: boolean } | undefined;
}

export interface SubscriptionProductRecord {
  readonly productId: string;
  readonly quantity: number;
  readonly special?: SpecialPrices | undefined;
  readonly vendorSubscriptionId?: string | undefined;
  /** What an example of the document shows of it; what the mock works out takes precedence. */
  readonly shown?: SubscriptionProduct | undefined;
}

/** Units of a product that a change added; negative where it took some away. */
export interface Addition {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly productId: string;
  readonly units: number;
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
  /** Milliseconds since 1970 of its order or its last renewal, from which the vendor's window for giving back counts (ORD-48). */
  readonly committedAt: number;
  /** Units that changes added, or took away, in the last days: the window counts for those as well (ORD-48, ORD-49). */
  readonly additions?: readonly Addition[] | undefined;
  /** The order that the platform has placed for the next renewal (ORD-25). */
  readonly renewalOrderId?: string | undefined;
}

export interface ReportRecord extends StoredRecord {
  readonly report: Omit<Report, "downloadUrl">;
  readonly createdAt: number;
  /** It is set up in the control panel: the one of the next month follows (REP-07). */
  readonly isSetUp?: boolean | undefined;
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
