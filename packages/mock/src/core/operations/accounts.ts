import type { AccountUpdate, ContactPerson, Customer, CustomerUpdate, Reseller, ResellerUpdate } from "@imcloud/spec";
import { type QueryValues, queryParam } from "./handler.ts";
import { containsWords, equals, type Filter } from "./lists.ts";

/** Contacts as they are read: neither a first password nor a login is ever given back. */
export const contactsOf = (persons: AccountUpdate["contactPersons"] = []): ContactPerson[] =>
  persons.map(({ login: _, password: __, ...person }) => person);

/** An account with what an update names, and nothing else changed. */
export function updated<T extends Customer | Reseller>(account: T, body: CustomerUpdate | ResellerUpdate): T {
  const { id: _, contactPersons, attributes, ...fields } = body as CustomerUpdate & { id?: string };
  return {
    ...account,
    ...fields,
    ...(attributes && { attributes: { ...account.attributes, ...attributes } }),
    ...(contactPersons && { contactPersons: contactsOf(contactPersons) }),
  };
}

/** The filters that lists of customers and of resellers have in common. */
export function accountFilters<T>(
  call: { query: QueryValues<"name" | "email" | "externalId"> },
  accountOf: (record: T) => Customer | Reseller,
): Filter<T>[] {
  const email = queryParam(call, "email")?.toLowerCase();
  const hasEmail = (record: T) =>
    accountOf(record).contactPersons.some((person) => person.email.toLowerCase() === email);
  return [
    containsWords(call, "name", (record) => accountOf(record).name),
    equals(call, "externalId", (record) => accountOf(record).externalId),
    email === undefined ? undefined : hasEmail,
  ];
}
