import type { Account } from "@imcloud/spec";
import type { Random } from "../store/random.ts";
import type { CustomerRecord, ResellerRecord } from "../store/records.ts";
import { type Country, countries, familyNames, firstWords, givenNames, trades } from "./name-parts.ts";

const ascii = (text: string) =>
  text
    .normalize("NFKD")
    .replace(/[^\w]+/g, "")
    .toLowerCase();

/** Gives names that were not given before. */
export function uniqueNames(random: Random): () => string {
  const given = new Set<string>();
  return () => {
    for (let attempt = 0; ; attempt++) {
      const words = [random.pick(firstWords), ...(attempt > 2 ? [random.pick(firstWords)] : []), random.pick(trades)];
      const name = words.join(" ");
      if (given.has(name)) continue;
      given.add(name);
      return name;
    }
  };
}

function contactOf(random: Random, type: "admin" | "billing" | "technical", domain: string, country: Country) {
  const [firstName, lastName] = [random.pick(givenNames), random.pick(familyNames)];
  return {
    ...{ type, firstName, lastName },
    email: `${ascii(firstName)}.${ascii(lastName)}@${domain}`,
    phoneNumber: `${country.phone}${String(random.int(0, 9999)).padStart(4, "0")}`,
  };
}

function accountOf(random: Random, id: string, name: string, externalId: string): Account {
  const country = random.pick(countries);
  const place = random.pick(country.places);
  const domain = `${ascii(name)}.example`;
  return {
    id,
    ...(random.chance(0.9) && { externalId }),
    ...(random.chance(0.3) && { attributes: { costCenter: String(random.int(10, 99) * 100) } }),
    status: "active",
    name,
    address: {
      streetAddress: `${place.street} ${random.int(1, 120)}`,
      ...(random.chance(0.2) && { addressExtension: `Floor ${random.int(1, 9)}` }),
      postalCode: place.postalCode,
      city: place.city,
      countryCode: country.code,
    },
    contactPersons: [
      contactOf(random, "admin", domain, country),
      ...(random.chance(0.4) ? [contactOf(random, "billing", domain, country)] : []),
      ...(random.chance(0.2) ? [contactOf(random, "technical", domain, country)] : []),
    ],
    language: country.language,
    ...(random.chance(0.8) && { taxRegId: `${country.tax}${String(random.int(0, 999_999_999)).padStart(12, "0")}` }),
  };
}

export function resellerFor(random: Random, id: string, name: string): ResellerRecord {
  const account = accountOf(random, id, `${name} IT`, `R-${id}`);
  return {
    id,
    reseller: { ...account, currency: "EUR", taxationProviderName: "Vertex", customerClass: "Default" },
  };
}

/** How many of a hundred customers have another status than active. */
const STATUSES = [
  { status: "creditHold", percent: 3 },
  { status: "adminHold", percent: 1 },
  { status: "cancelled", percent: 1 },
  { status: "pending", percent: 1 },
] as const;

function statusOf(random: Random): string {
  let drawn = random.int(0, 99);
  for (const { status, percent } of STATUSES) {
    if (drawn < percent) return status;
    drawn -= percent;
  }
  return "active";
}

export function customerFor(random: Random, id: string, name: string, resellerId: string): CustomerRecord {
  const account = accountOf(random, id, name, `PSA-${id}`);
  return {
    id,
    customer: { ...account, status: statusOf(random), resellerId },
    creditLimit: random.int(2, 50) * 10_000_00,
  };
}
