import type { Reseller } from "@imcloud/spec";
import { requireFound } from "../domain/errors.ts";
import type { ResellerRecord } from "../store/records.ts";
import type { Store } from "../store/store.ts";
import { accountFilters, contactsOf, rowOf, updated } from "./accounts.ts";
import { createCustomer, listCustomers, ownReseller } from "./customers.ts";
import { type HandlersOf, noteIfUnchanged, noteOtherId } from "./handler.ts";
import { pageOf } from "./lists.ts";
import { listOrders } from "./orders.ts";

const resellerWith = (store: Store, id: string): ResellerRecord =>
  requireFound(store.resellers.get(id), "reseller", id);

export const resellers: HandlersOf<"resellers"> = {
  resellers_list: (call) =>
    pageOf(
      call,
      call.store.resellers,
      accountFilters(call, ({ reseller }: ResellerRecord) => reseller),
      ({ reseller }) => rowOf(reseller),
    ),
  resellers_create({ store, body }) {
    const id = store.nextId("resellers");
    const { contactPersons, ...fields } = body;
    const reseller: Reseller = {
      ...fields,
      id,
      status: fields.status ?? "active",
      contactPersons: contactsOf(contactPersons),
    };
    const parentId = ownReseller(store);
    return store.resellers.put({ id, reseller, ...(parentId !== undefined && { parentId }) }).reseller;
  },
  resellers_get: ({ store, params }) => resellerWith(store, params.id).reseller,
  resellers_update(call) {
    const { store, params, body } = call;
    const record = resellerWith(store, params.id);
    const { reseller } = store.resellers.put({ ...record, reseller: updated(record.reseller, body) });
    noteOtherId(call, record.id, body);
    noteIfUnchanged(call, record.reseller, reseller);
    return reseller;
  },
  resellers_listCustomers: (call) => listCustomers(call, resellerWith(call.store, call.params.id).id),
  resellers_createCustomer: ({ store, params, body }) => createCustomer(store, body, resellerWith(store, params.id).id),
  resellers_listOrders(call) {
    const { id } = resellerWith(call.store, call.params.id);
    const resellerOf = (customerId: string) => call.store.customers.get(customerId)?.customer.resellerId;
    return listOrders(call, ({ customerId }) => resellerOf(customerId) === id);
  },
};
