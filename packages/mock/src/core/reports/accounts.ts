import type { Customer, Reseller } from "@imcloud/spec";
import type { Store } from "../store/store.ts";
import type { Columns } from "./table.ts";

/** A customer or a reseller as a row of the data set of accounts. */
export interface AccountRow {
  account: Customer | Reseller;
  type: "RESELLER" | "CUSTOMER";
  phone: PhoneNumber;
}

interface PhoneNumber {
  country: string;
  area: string;
  number: string;
  extension: string;
}

/**
 * The four parts of a phone number: of `46#60#5550100#12` as written (CUST-02). In E.164 the country code cannot be separated unless
 * the country is known, so all digits before an extension are the number.
 */
export function phoneOf(text: string): PhoneNumber {
  const parts = text.split("#");
  if (parts.length < 3) return { country: "", area: "", number: parts[0] ?? "", extension: parts[1] ?? "" };
  const [country = "", area = "", number = "", extension = ""] = parts;
  return { country, area, number, extension };
}

const rowOf = (account: Customer | Reseller, type: AccountRow["type"]): AccountRow => {
  const admin = account.contactPersons.find((person) => person.type === "admin") ?? account.contactPersons[0];
  return { account, type, phone: phoneOf(admin?.phoneNumber ?? "") };
};

/** Every account, resellers first, newest first. */
export const accountsOf = (store: Store): AccountRow[] => [
  ...[...store.resellers.newestFirst()].map(({ reseller }) => rowOf(reseller, "RESELLER")),
  ...[...store.customers.newestFirst()].map(({ customer }) => rowOf(customer, "CUSTOMER")),
];

/** The statuses of an account as numbers. No source has the platform's numbers, so they are the mock's own. */
const STATUS_NUMBERS: Readonly<Record<string, number>> = {
  ...{ active: 0, creditHold: 1, adminHold: 2, cancelled: 3, pending: 4, error: 5 },
};

/** The data set of accounts (REP-10, REP-11). Column names that no source has are the mock's own. */
export const accountView: Columns<AccountRow> = {
  ACCOUNT_ID: ({ account }) => account.id,
  ACCOUNT_NAME: ({ account }) => account.name,
  ACCOUNT_TYPE: ({ type }) => type,
  ACCOUNT_STATUS_INT: ({ account }) => STATUS_NUMBERS[account.status ?? "active"],
  ACCOUNT_TAX_REGISTRATION_ID: ({ account }) => account.taxRegId,
  ACCOUNT_PHONE_COUNTRY_CODE: ({ phone }) => phone.country,
  ACCOUNT_PHONE_AREA_CODE: ({ phone }) => phone.area,
  ACCOUNT_PHONE_NUMBER: ({ phone }) => phone.number,
  ACCOUNT_PHONE_EXTENSION: ({ phone }) => phone.extension,
};
