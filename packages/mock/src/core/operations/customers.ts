import type { Customer, CustomerCreate } from "@imcloud/spec";
import { applyAccountStatus } from "../domain/accounts.ts";
import { requireFound } from "../domain/errors.ts";
import type { WithoutNull } from "../messages/body.ts";
import type { CustomerRecord } from "../store/records.ts";
import type { Store } from "../store/store.ts";
import { accountFilters, contactsOf, rowOf, updated } from "./accounts.ts";
import {
  type CallContext,
  type HandlersOf,
  noteIfUnchanged,
  noteOtherId,
  type QueryValues,
  queryParam,
} from "./handler.ts";
import { pageOf } from "./lists.ts";

/** The credit of a new customer for 30 days, in cents. */
const NEW_CREDIT = 50_000_00;

/** A page of customers, of one reseller if given. */
export const listCustomers = (
  call: CallContext & { query: QueryValues<"name" | "email" | "externalId" | "offset" | "limit"> },
  resellerId: string | undefined,
) =>
  pageOf(
    call,
    call.store.customers,
    accountFilters(call, ({ customer }: CustomerRecord) => customer),
    ({ customer }) => rowOf(customer),
    [["reseller", resellerId]],
  );

/** Creates a customer of a reseller. */
export function createCustomer(
  store: Store,
  body: WithoutNull<CustomerCreate>,
  resellerId: string | undefined,
): Customer {
  const id = store.nextId("customers");
  const { contactPersons, ...fields } = body;
  const customer: Customer = {
    ...fields,
    id,
    status: body.status ?? "active",
    contactPersons: contactsOf(contactPersons),
    ...(resellerId !== undefined && { resellerId }),
  };
  return store.customers.put({ id, customer, creditLimit: NEW_CREDIT }).customer;
}

/** The reseller of the mock's user; `undefined` without resellers. */
export const ownReseller = (store: Store): string | undefined =>
  store.resellers.slice(store.resellers.size - 1, 1)[0]?.id;

const customerWith = (store: Store, id: string): CustomerRecord =>
  requireFound(store.customers.get(id), "customer", id);

export const customers: HandlersOf<"customers"> = {
  customers_list: (call) => listCustomers(call, queryParam(call, "resellerId")),
  customers_create: ({ store, body }) => createCustomer(store, body, ownReseller(store)),
  customers_get: ({ store, params }) => customerWith(store, params.id).customer,
  customers_update(call) {
    const { store, params, body } = call;
    const record = customerWith(store, params.id);
    const changed = store.customers.put({ ...record, customer: updated(record.customer, body) });
    applyAccountStatus(store, record, changed);
    noteOtherId(call, record.id, body);
    noteIfUnchanged(call, record.customer, changed.customer);
    return changed.customer;
  },
};
