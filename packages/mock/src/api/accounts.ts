import type {
  AccountUpdate,
  ContactPerson,
  Customer,
  CustomerCreate,
  CustomerUpdate,
  Reseller,
  ResellerCreate,
  ResellerUpdate,
} from "@imcloud/spec";
import { found } from "../rules/refusal.ts";
import type { CustomerRecord, ResellerRecord } from "../world/records.ts";
import type { World } from "../world/world.ts";
import { type Call, type Handler, queried } from "./call.ts";
import { equals, type Filter, pageOf, resembles } from "./lists.ts";

/** What a customer that was just created may order in 30 days. */
const NEW_CREDIT = 50_000_00;

/** Contacts as they are read: a first password is never given back, nor is a login. */
const contactsOf = (persons: AccountUpdate["contactPersons"] = []): ContactPerson[] =>
  persons.map(({ login: _, password: __, ...person }) => person);

/** An account with what an update names, and nothing else changed. */
function updated<T extends Customer | Reseller>(account: T, body: CustomerUpdate | ResellerUpdate): T {
  const { id: _, contactPersons, attributes, ...fields } = body as CustomerUpdate & { id?: string };
  return {
    ...account,
    ...fields,
    ...(attributes && { attributes: { ...account.attributes, ...attributes } }),
    ...(contactPersons && { contactPersons: contactsOf(contactPersons) }),
  };
}

const filtersOf = <T>(call: Call, accountOf: (record: T) => Customer | Reseller): Filter<T>[] => {
  const email = queried(call, "email");
  return [
    resembles(call, "name", (record) => accountOf(record).name),
    equals(call, "externalId", (record) => accountOf(record).externalId),
    email === undefined
      ? undefined
      : (record) =>
          accountOf(record).contactPersons.some((person) => person.email.toLowerCase() === email.toLowerCase()),
  ];
};

const listCustomers = (call: Call, resellerId: string | undefined) =>
  pageOf(
    call,
    call.world.customers,
    filtersOf(call, ({ customer }: CustomerRecord) => customer),
    ({ customer }) => customer,
    [["reseller", resellerId]],
  );

function createCustomer(world: World, body: CustomerCreate, resellerId: string): Customer {
  const id = world.nextId("customers");
  const { contactPersons, ...fields } = body;
  const customer: Customer = {
    ...fields,
    id,
    status: body.status ?? "active",
    contactPersons: contactsOf(contactPersons),
    resellerId,
  };
  return world.customers.put({ id, customer, creditLimit: NEW_CREDIT }).customer;
}

/** The reseller whose user the mock's user is. */
const ownReseller = (world: World): string => world.resellers.slice(world.resellers.size - 1, 1)[0]?.id ?? "";

const customer = ({ world, id }: Call): CustomerRecord => found(world.customers.get(id), "customer", id);
export const reseller = ({ world, id }: Call): ResellerRecord => found(world.resellers.get(id), "reseller", id);

export const accounts: Record<string, Handler> = {
  customers_list: (call) => listCustomers(call, queried(call, "resellerId")),
  customers_create: ({ world, body }) => createCustomer(world, body as CustomerCreate, ownReseller(world)),
  customers_get: (call) => customer(call).customer,
  customers_update(call) {
    const record = customer(call);
    return call.world.customers.put({ ...record, customer: updated(record.customer, call.body as CustomerUpdate) })
      .customer;
  },
  resellers_list: (call) =>
    pageOf(
      call,
      call.world.resellers,
      filtersOf(call, ({ reseller }: ResellerRecord) => reseller),
      ({ reseller }) => reseller,
    ),
  resellers_create({ world, body }) {
    const id = world.nextId("resellers");
    const { contactPersons, ...fields } = body as ResellerCreate;
    const made: Reseller = {
      ...fields,
      id,
      status: fields.status ?? "active",
      contactPersons: contactsOf(contactPersons),
    };
    return world.resellers.put({ id, reseller: made }).reseller;
  },
  resellers_get: (call) => reseller(call).reseller,
  resellers_update(call) {
    const record = reseller(call);
    return call.world.resellers.put({ ...record, reseller: updated(record.reseller, call.body as ResellerUpdate) })
      .reseller;
  },
  resellers_listCustomers: (call) => listCustomers(call, reseller(call).id),
  resellers_createCustomer: (call) => createCustomer(call.world, call.body as CustomerCreate, reseller(call).id),
};
