import type { Coterming, Period, Plan, PlanSwitch, Product, ProductPrice } from "@imcloud/spec";
import { moneyOf, round } from "../store/money.ts";
import type { ParameterSpec, PlanRecord, ProductRecord } from "../store/records.ts";
import { TENANT_PARAMETERS } from "./examples.ts";

const MONTH: Period = { type: "month", duration: 1 };
const YEAR: Period = { type: "year", duration: 1 };
const EURO = "EUR";
/** The cost as a part of the price. */
const COST = 0.85;

interface Edition {
  name: string;
  code: string;
  /** Cents for a unit and month. */
  price: number;
  model?: "FLAT" | "VOLUME_ORDER" | "TIERED";
  setup?: number;
  least?: number;
  most?: number;
  /** Parameters that its offer asks for besides those of its service. */
  parameters?: readonly ParameterSpec[];
}

interface Service {
  vendor: string;
  name: string;
  about: string;
  parameters: readonly ParameterSpec[];
  billingModel?: Plan["billingModel"];
  /** How the ends of its subscriptions can be aligned (PROD-07); with a subscription, where it is left out. */
  coterming?: Coterming;
  /** No vendor delivers it. */
  isInternal?: boolean;
  /** It is sold as a trial alone, by the month. */
  isTrial?: boolean;
  editions: readonly Edition[];
  /** An add-on of each edition, in its plan, which cannot be bought without it. */
  addOn?: { name: string; code: string; price: number };
}

const ADMIN_PARAMETERS: readonly ParameterSpec[] = [{ name: "admin_email", type: "email", isNeeded: false }];

/** What Azure's connector asks for, of which the first and the last names of the agreement are known (PAR-07). */
const AZURE_PARAMETERS: readonly ParameterSpec[] = [
  {
    ...{ name: "microsoft_order_type", type: "choice", isNeeded: false },
    choices: [{ label: "A new customer", value: "new_customer", default: true }],
  },
  { name: "agreement_first_name", type: "text", isNeeded: false },
  { name: "agreement_phone_number", type: "text", isNeeded: false },
  {
    ...{ name: "mca_attestation_accepted", type: "choice", isNeeded: false },
    choices: [{ label: "The customer accepts the agreement", value: "YES", default: false }],
  },
];

/** What some of Microsoft's offers ask for; a customer's data is for tenants that are made alone (PAR-06). */
const OFFER_PARAMETERS: readonly ParameterSpec[] = [
  {
    ...{ name: "special_qualifications", type: "choice", isNeeded: false },
    choices: [{ label: "None", value: "None", default: true }],
  },
  { name: "offer_attestation", type: "attestation", isNeeded: false },
  {
    ...{ name: "effective_address", type: "text", isNeeded: false },
    ...{ when: { name: "tenant_preference", value: "new" }, isOnlyThen: true },
  },
];

/** What vendors of drawing software ask for; their dates are YYYY-MM-DD (PAR-09). */
const DRAWING_PARAMETERS: readonly ParameterSpec[] = [
  ...ADMIN_PARAMETERS,
  { name: "cb_align_expiration_date", type: "isoDate", isNeeded: false },
];

/** Vendors, services and prices are made up. */
const SERVICES: readonly Service[] = [
  {
    ...{ vendor: "Nimbus Software", name: "Nimbus Workspace", about: "Mail, files and meetings" },
    parameters: TENANT_PARAMETERS,
    addOn: { name: "Telephony", code: "NWT7TTC0LH", price: 480 },
    editions: [
      { name: "Nimbus Workspace Basic", code: "NWA-1000", price: 560 },
      { name: "Nimbus Workspace Premium", code: "NWP-1002", price: 2200, model: "VOLUME_ORDER", most: 300 },
      {
        ...{ name: "Nimbus Workspace Enterprise", code: "NWE-1003", price: 3470, least: 10, most: 10_000 },
        parameters: OFFER_PARAMETERS,
      },
    ],
  },
  {
    ...{ vendor: "Nimbus Software", name: "Nimbus Identity", about: "Sign-in and device management" },
    parameters: TENANT_PARAMETERS,
    editions: [
      { name: "Nimbus Identity Plan 1", code: "NID-1101", price: 540 },
      { name: "Nimbus Identity Plan 2", code: "NID-1102", price: 810, model: "TIERED" },
    ],
  },
  {
    ...{ vendor: "Polarlight", name: "Polar Mail Guard", about: "Filters for mail" },
    parameters: ADMIN_PARAMETERS,
    coterming: { required: "RESTRICTED" },
    editions: [
      { name: "Polar Mail Guard Standard", code: "PMG-2001", price: 145, model: "VOLUME_ORDER" },
      { name: "Polar Mail Guard Advanced", code: "PMG-2002", price: 265, model: "TIERED" },
    ],
  },
  {
    ...{ vendor: "Polarlight", name: "Polar Archive", about: "Archives for mail" },
    parameters: ADMIN_PARAMETERS,
    coterming: { required: "MANDATORY", type: "END_OF_MONTH" },
    editions: [{ name: "Polar Archive", code: "PAR-2101", price: 195, setup: 4900 }],
  },
  {
    ...{ vendor: "Halden Systems", name: "Halden Endpoint", about: "Protection for devices" },
    parameters: ADMIN_PARAMETERS,
    editions: [
      { name: "Halden Endpoint Essentials", code: "HEP-3001", price: 305 },
      { name: "Halden Endpoint Complete", code: "HEP-3002", price: 640, model: "VOLUME_ORDER" },
    ],
  },
  {
    ...{ vendor: "Halden Systems", name: "Halden Compute", about: "Machines by the hour" },
    parameters: AZURE_PARAMETERS,
    billingModel: "chargeExternalRating",
    editions: [{ name: "Halden Compute", code: "HCP-3101", price: 0, most: 1 }],
  },
  {
    ...{ vendor: "Tundra Works", name: "Tundra Draw", about: "Drawings and models" },
    parameters: DRAWING_PARAMETERS,
    coterming: { required: "ALLOWED", type: "END_OF_MONTH" },
    editions: [
      { name: "Tundra Draw", code: "TDR-4001", price: 2990, most: 50 },
      { name: "Tundra Draw Professional", code: "TDR-4002", price: 5490, setup: 9900, most: 50 },
    ],
  },
  {
    ...{ vendor: "Fjordlight IT", name: "Fjordlight Helpdesk", about: "Help by phone and mail" },
    ...{ parameters: [], isInternal: true },
    editions: [{ name: "Fjordlight Helpdesk", code: "FHD-5001", price: 900 }],
  },
  {
    ...{ vendor: "Nimbus Software", name: "Nimbus Trial", about: "Mail, files and meetings for a month" },
    ...{ parameters: TENANT_PARAMETERS, isTrial: true },
    editions: [{ name: "Nimbus Workspace Trial", code: "NWT-1900", price: 0, most: 25 }],
  },
];

/** Prices for so many and more: all units at the price of the tier they are in, or tier after tier. */
function tiers(cents: number, model: NonNullable<Edition["model"]>): ProductPrice[] {
  // A price that does not depend on the quantity names neither a model nor a limit (PROD-06).
  if (model === "FLAT") return [{ ...moneyOf(cents, EURO), type: "recurring" }];
  const steps = [
    [1, 1],
    [25, 0.95],
    [100, 0.9],
  ];
  return steps.map(([lowerLimit = 1, factor = 1]) => ({
    ...moneyOf(round(cents * factor), EURO),
    ...{ type: "recurring", model, lowerLimit },
  }));
}

interface Variant {
  suffix: string;
  subscriptionPeriod: Period;
  billingPeriod: Period;
  /** Of the price of a month. */
  factor: number;
}

/** The first two have one MPN, so that only their periods tell them apart. */
const VARIANTS: readonly Variant[] = [
  { suffix: "M", subscriptionPeriod: YEAR, billingPeriod: MONTH, factor: 1 },
  { suffix: "M", subscriptionPeriod: MONTH, billingPeriod: MONTH, factor: 1.2 },
  { suffix: "Y", subscriptionPeriod: YEAR, billingPeriod: YEAR, factor: 11.4 },
];

function productFor(id: string, service: Service, edition: Edition, variant: Variant): Product & { id: string } {
  const { code, name, price, model = "FLAT", setup, least = 1, most = 1000 } = edition;
  const cents = round(price * variant.factor);
  return {
    mpn: `${code}-${variant.suffix}`,
    vendor: service.vendor.replaceAll(" ", ""),
    id,
    serviceName: service.name.toUpperCase().replaceAll(" ", "_"),
    name,
    minimumQuantity: least.toFixed(1),
    maximumQuantity: most.toFixed(1),
    prices: [
      ...tiers(cents, model),
      ...(setup ? [{ ...moneyOf(setup, EURO), type: "setup", model: "FLAT", lowerLimit: 1 }] : []),
    ],
    costs: tiers(round(cents * COST), model),
    billingPeriod: variant.billingPeriod,
    subscriptionPeriod: variant.subscriptionPeriod,
    billingModel: service.billingModel ?? "chargeBeforeBillingPeriod",
    coterming: service.coterming ?? { required: "ALLOWED", type: "SUBSCRIPTION" },
  };
}

/** The add-on of a product. Neither its id nor its MPN is of digits alone, as of many vendors (PROD-05). */
function addOnFor(
  place: number,
  base: Product & { id: string },
  service: Service,
  variant: Variant,
): ProductRecord["product"] {
  const { name, code, price } = service.addOn as NonNullable<Service["addOn"]>;
  const cents = round(price * variant.factor);
  return {
    ...base,
    id: `PRD${FIRST_ADD_ON + place}`,
    mpn: `${code}${String(place).padStart(2, "0")}:0001`,
    name: `${base.name} ${name}`,
    minimumQuantity: "0.0",
    prices: tiers(cents, "FLAT"),
    costs: tiers(round(cents * COST), "FLAT"),
    dependsOn: [{ id: base.id, ...(base.mpn !== undefined && { mpn: base.mpn }) }],
  };
}

const RHYTHMS = ["monthly on a yearly commitment", "monthly", "yearly"];

/** When a switch between two rhythms takes effect: to a shorter commitment at its end, to another billing with the next bill (PROD-08). */
function whenEffective(from: Variant, to: Variant): string {
  if (from.subscriptionPeriod === YEAR && to.subscriptionPeriod === MONTH) return "next_subscription_period";
  return from.subscriptionPeriod === to.subscriptionPeriod ? "next_billing_period" : "immediately";
}

/** The switches of a plan to the other rhythms of its edition. */
const switchesOf = (ids: readonly string[], place: number): PlanSwitch[] =>
  VARIANTS.flatMap((to, other) => {
    const from = VARIANTS[place] as Variant;
    if (other === place || ids[other] === undefined) return [];
    return [
      {
        ...{ planId: Number(ids[other]), subscriptionPeriod: to.subscriptionPeriod },
        ...{ billingPolicy: "prorate_refund", whenEffective: whenEffective(from, to) },
        sourceSubscriptionPeriod: from.subscriptionPeriod,
      },
    ];
  });

function planFor(id: string, service: Service, edition: Edition, place: number, ids: string[]): PlanRecord["plan"] {
  const variant = VARIANTS[place] as Variant;
  return {
    id,
    name: `${edition.name}, billed ${RHYTHMS[place]}`,
    shortDescription: `${service.about}.`,
    longDescription: `${service.about} by ${service.vendor}, billed ${RHYTHMS[place]}.`,
    published: true,
    subscriptionPeriods: [{ ...variant.subscriptionPeriod, trial: service.isTrial ?? false, active: true }],
    billingPeriod: variant.billingPeriod,
    billingModel: service.billingModel ?? "chargeBeforeBillingPeriod",
    planSwitches: switchesOf(ids, place),
  };
}

const FIRST_PLAN = 200_200;
const FIRST_PRODUCT = 500_300;
const FIRST_ADD_ON = 326_500;

/** The catalog of the larger stores: each edition by month and by year. */
export function catalogRows(): { plans: PlanRecord[]; products: ProductRecord[]; addOns: ProductRecord[] } {
  const plans: PlanRecord[] = [];
  const products: ProductRecord[] = [];
  const addOns: ProductRecord[] = [];
  for (const service of SERVICES) {
    for (const edition of service.editions) {
      const first = FIRST_PLAN + plans.length;
      const ids = VARIANTS.map((_, place) => String(first + place));
      for (const [place, variant] of VARIANTS.entries()) {
        const isSold = !service.isTrial || variant.subscriptionPeriod === MONTH;
        if (!isSold) continue;
        const planId = String(ids[place]);
        plans.push({ id: planId, plan: planFor(planId, service, edition, place, service.isTrial ? [] : ids) });
        const id = String(FIRST_PRODUCT + products.length);
        const product = productFor(id, service, edition, variant);
        const { isInternal } = service;
        const parameters = [...service.parameters, ...(edition.parameters ?? [])];
        products.push({ id, product, planId, parameters, ...(isInternal && { isInternal }) });
        if (service.addOn) {
          const addOn = addOnFor(addOns.length, product, service, variant);
          addOns.push({ id: String(addOn.id), product: addOn, planId, parameters: [] });
        }
      }
    }
  }
  return { plans, products, addOns };
}
