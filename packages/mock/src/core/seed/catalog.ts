import type { Period, Plan, Product, ProductPrice } from "@imcloud/spec";
import { moneyOf, round } from "../store/money.ts";
import type { ParameterSpec, PlanRecord, ProductRecord } from "../store/records.ts";
import { TENANT_PARAMETERS } from "./examples.ts";

const MONTH: Period = { type: "month", duration: 1 };
const YEAR: Period = { type: "year", duration: 1 };
const EURO = "EUR";
/** Of each price, the part that it costs. */
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
}

interface Service {
  vendor: string;
  name: string;
  about: string;
  parameters: readonly ParameterSpec[];
  billingModel?: Plan["billingModel"];
  editions: readonly Edition[];
  /** Something to each edition, in its plan, which cannot be had without it. */
  addOn?: { name: string; code: string; price: number };
}

const ADMIN_PARAMETERS: readonly ParameterSpec[] = [{ name: "admin_email", type: "email", isNeeded: false }];

/** Vendors, services and prices are made up. */
const SERVICES: readonly Service[] = [
  {
    ...{ vendor: "Nimbus Software", name: "Nimbus Workspace", about: "Mail, files and meetings" },
    parameters: TENANT_PARAMETERS,
    addOn: { name: "Telephony", code: "NWT7TTC0LH", price: 480 },
    editions: [
      { name: "Nimbus Workspace Basic", code: "NWA-1000", price: 560 },
      { name: "Nimbus Workspace Premium", code: "NWP-1002", price: 2200, model: "VOLUME_ORDER", most: 300 },
      { name: "Nimbus Workspace Enterprise", code: "NWE-1003", price: 3470, least: 10, most: 10_000 },
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
    editions: [
      { name: "Polar Mail Guard Standard", code: "PMG-2001", price: 145, model: "VOLUME_ORDER" },
      { name: "Polar Mail Guard Advanced", code: "PMG-2002", price: 265, model: "TIERED" },
    ],
  },
  {
    ...{ vendor: "Polarlight", name: "Polar Archive", about: "Archives for mail" },
    parameters: ADMIN_PARAMETERS,
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
    parameters: [],
    billingModel: "chargeExternalRating",
    editions: [{ name: "Halden Compute", code: "HCP-3101", price: 0, most: 1 }],
  },
  {
    ...{ vendor: "Tundra Works", name: "Tundra Draw", about: "Drawings and models" },
    parameters: ADMIN_PARAMETERS,
    editions: [
      { name: "Tundra Draw", code: "TDR-4001", price: 2990, most: 50 },
      { name: "Tundra Draw Professional", code: "TDR-4002", price: 5490, setup: 9900, most: 50 },
    ],
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
    coterming: { required: "ALLOWED", type: "SUBSCRIPTION" },
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

function planFor(id: string, service: Service, edition: Edition, place: number, others: string[]): PlanRecord["plan"] {
  const variant = VARIANTS[place] as Variant;
  return {
    id,
    name: `${edition.name}, billed ${RHYTHMS[place]}`,
    shortDescription: `${service.about}.`,
    longDescription: `${service.about} by ${service.vendor}, billed ${RHYTHMS[place]}.`,
    published: true,
    subscriptionPeriods: [{ ...variant.subscriptionPeriod, trial: false, active: true }],
    billingPeriod: variant.billingPeriod,
    billingModel: service.billingModel ?? "chargeBeforeBillingPeriod",
    planSwitches: others.map((other) => ({
      planId: Number(other),
      subscriptionPeriod: variant.subscriptionPeriod,
      billingPolicy: "prorate_refund",
      whenEffective: "immediately",
      sourceSubscriptionPeriod: variant.subscriptionPeriod,
    })),
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
        const planId = String(ids[place]);
        const others = ids.filter((other) => other !== planId);
        plans.push({ id: planId, plan: planFor(planId, service, edition, place, others) });
        const id = String(FIRST_PRODUCT + products.length);
        const product = productFor(id, service, edition, variant);
        products.push({ id, product, planId, parameters: service.parameters });
        if (service.addOn) {
          const addOn = addOnFor(addOns.length, product, service, variant);
          addOns.push({ id: String(addOn.id), product: addOn, planId, parameters: [] });
        }
      }
    }
  }
  return { plans, products, addOns };
}
