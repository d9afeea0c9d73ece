import type {
  AccountUpdate,
  ContactPerson,
  Customer,
  CustomerRow,
  CustomerUpdate,
  Reseller,
  ResellerRow,
  ResellerUpdate,
} from "@imcloud/spec";
import type { WithoutNull } from "../messages/body.ts";
import { type QueryValues, queryParam } from "./handler.ts";
import { containsWords, equals, type Filter } from "./lists.ts";
import { merged } from "./merge-values.ts";
import { optional } from "./order-view.ts";

/** Contacts of a response: a first password and a login are never returned. */
export const contactsOf = (persons: WithoutNull<AccountUpdate>["contactPersons"] = []): ContactPerson[] =>
  persons.map(({ login: _, password: __, type = "admin", ...person }) => ({ type, ...person }));

/** Applies an update to an account. */
export function updated<T extends Customer | Reseller>(
  account: T,
  body: WithoutNull<AccountUpdate & Pick<CustomerUpdate & ResellerUpdate, "id">>,
): T {
  const { id: _, contactPersons, attributes, ...fields } = body;
  return {
    ...account,
    ...fields,
    ...(attributes && { attributes: merged("attributes", account.attributes, attributes) }),
    ...(contactPersons && { contactPersons: contactsOf(contactPersons) }),
  };
}

/** The row of an account in a list, with basic details only. */
export function rowOf({ id, externalId, name, status }: Customer | Reseller): CustomerRow & ResellerRow {
  return { id, ...optional("externalId", externalId), name, ...optional("status", status) };
}

/** The common filters of the lists of customers and resellers. */
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
