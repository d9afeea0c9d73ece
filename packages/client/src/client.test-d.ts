import { Agent, fetch as undiciFetch } from "undici";
import { expectTypeOf, test } from "vitest";
import {
  type ApiPromise,
  type Customer,
  type CustomerRow,
  createClient,
  type Order,
  type OrderDetails,
  type Page,
  type PagePromise,
  type Plan,
  type Token,
} from "./index.ts";

const imcloud = createClient({
  baseUrl: "https://api.example",
  marketplace: "se",
  auth: { username: "demo.api", password: "password" },
});

test("methods give the body's type", () => {
  expectTypeOf(imcloud.customers.get("1")).toEqualTypeOf<ApiPromise<Customer>>();
  expectTypeOf<Awaited<ReturnType<typeof imcloud.orders.get>>>().toEqualTypeOf<OrderDetails>();
  expectTypeOf<Awaited<ReturnType<typeof imcloud.orders.list>>["data"]>().toEqualTypeOf<Order[]>();
  expectTypeOf(imcloud.token.create({ marketplace: "se" }).withResponse()).resolves.toEqualTypeOf<{
    data: Token;
    response: Response;
  }>();
});

test("lists are pages and rows at once", async () => {
  expectTypeOf(imcloud.orders.list()).toEqualTypeOf<PagePromise<Order>>();
  for await (const customer of imcloud.customers.list()) expectTypeOf(customer).toEqualTypeOf<CustomerRow>();
  expectTypeOf((await imcloud.plans.list()).next).returns.resolves.toEqualTypeOf<Page<Plan> | undefined>();
});

test("open enums offer their values and take new ones", () => {
  expectTypeOf<Order["status"]>().toEqualTypeOf<
    "submitted" | "processing" | "error" | "completed" | "cancelled" | (string & {})
  >();
  expectTypeOf<"a status that is new">().toExtend<Order["status"]>();
});

test("a field that the document does not have cannot be read", async () => {
  const customer = await imcloud.customers.get("1");
  expectTypeOf(customer.name).toBeString();
  // @ts-expect-error rows of customers have no such field
  customer.surname;
  const { data } = await imcloud.orders.list();
  // @ts-expect-error rows of orders are thin
  data[0]?.products;
});

test("what the vendor itself sends can be sent: no type, quantities as text, and null for what is not set", () => {
  const { create } = imcloud.orders;
  expectTypeOf(create).toBeCallableWith({
    ...{ customerId: "1", poNumber: null, subscriptionPeriod: { type: "year", duration: 1 } },
    products: [{ mpn: "NWB-1001-M", quantity: "2.0", billingPeriod: { type: "month", duration: 1 }, id: null }],
  });
});

test("a row of a list has what rows have, and nothing more", async () => {
  for await (const customer of imcloud.customers.list()) {
    expectTypeOf(customer.name).toBeString();
    // @ts-expect-error rows are thin: get the customer for its address
    customer.address;
  }
  // @ts-expect-error rows of resellers are thin as well
  for await (const reseller of imcloud.resellers.list()) reseller.currency;
});

test("an order has what its type needs", () => {
  const products = [{ id: "500201", quantity: 5 }];
  const { create, createOnce, estimate } = imcloud.orders;
  create({ customerId: "1", products });
  create({ type: "sales", customerId: "1", products });
  create({ type: "change", customerId: "1", subscriptionId: "7", products });
  create({ type: "cancellation", customerId: "1", subscriptionId: "7" });
  create({ type: "migration", customerId: "1", planId: "2" });
  // @ts-expect-error a sale sells something
  create({ type: "sales", customerId: "1" });
  // @ts-expect-error without a type, it is a sale
  create({ customerId: "1", subscriptionId: "7" });
  // @ts-expect-error null is not a list of products
  create({ type: "sales", customerId: "1", products: null });
  // @ts-expect-error a change is of a subscription
  createOnce({ type: "change", customerId: "1", poNumber: "T-1", products });
  // @ts-expect-error a renewal is of a subscription
  estimate({ type: "renewal", customerId: "1" });
  // @ts-expect-error null is no subscription
  create({ type: "cancellation", customerId: "1", subscriptionId: null });
  // @ts-expect-error also by path
  imcloud.http.POST("/orders", { body: { type: "change", customerId: "1" } });
});

test("what the document says to leave out is not offered", () => {
  const products = [{ id: "500201", quantity: 5 }];
  // @ts-expect-error the server sets it
  imcloud.orders.create({ type: "sales", customerId: "1", products, status: "completed" });
  // @ts-expect-error the server sets it
  imcloud.orders.create({ type: "sales", customerId: "1", products, orderNumber: "SO1" });
  // @ts-expect-error the server sets it
  imcloud.orders.create({ customerId: "1", products: [{ id: "500201", name: "Nimbus" }] });
  expectTypeOf<OrderDetails["orderNumber"]>().toExtend<string | null | undefined>();
});

test("http refuses what the document does not have, at every depth", async () => {
  const products = [{ id: "500201", quantity: 5 }];
  const path = { id: "1" };
  // @ts-expect-error a misspelled member of a body
  imcloud.http.POST("/orders", { body: { customerId: "1", products, ponumber: "T-1" } });
  // @ts-expect-error a misspelled member inside a body
  imcloud.http.POST("/orders", { body: { customerId: "1", products: [{ id: "5", quantty: 1 }] } });
  // @ts-expect-error a misspelled member of an update
  imcloud.http.PATCH("/customers/{id}", { params: { path }, body: { nmae: "Acme" } });
  // @ts-expect-error a misspelled filter
  imcloud.http.GET("/orders", { params: { query: { stauts: "completed" } } });
  // @ts-expect-error a misspelled option
  imcloud.http.GET("/orders", { parms: {} });
  // @ts-expect-error the pipeline sends by options of its own
  imcloud.http.GET("/orders", { cache: "no-store" });
  const { data } = await imcloud.http.GET("/orders/{id}", { params: { path }, parseAs: "text" });
  expectTypeOf(data).toEqualTypeOf<string | undefined>();
  const { data: order } = await imcloud.http.POST("/orders", { body: { customerId: "1", products } });
  expectTypeOf(order).toEqualTypeOf<OrderDetails | undefined>();
});

test("what is read cannot be sent where it takes something else", async () => {
  // @ts-expect-error a customer is needed
  imcloud.orders.create({ type: "sales" });
  // @ts-expect-error the request's enum is closed
  imcloud.orders.create({ type: "gift", customerId: "1" });
  // @ts-expect-error a quantity is a number, or one in text
  imcloud.orders.create({ type: "sales", customerId: "1", products: [{ id: "1", quantity: true }] });
  // @ts-expect-error the id of a new customer is the platform's to give
  imcloud.customers.create({ ...(await imcloud.customers.get("1")), id: "1" });
  // @ts-expect-error a login is sent, never read
  (await imcloud.customers.get("1")).contactPersons[0]?.login;
});

test("arguments cannot be wrong", () => {
  // @ts-expect-error ids are strings
  imcloud.customers.get(1);
  // @ts-expect-error an id is needed
  imcloud.customers.get();
  // @ts-expect-error a filter that the document does not have
  imcloud.customers.list({ nmae: "Acme" });
  // @ts-expect-error no such option
  imcloud.customers.list({}, { retries: 3 });
  // @ts-expect-error no such method
  imcloud.products.create;
  // @ts-expect-error credentials are needed
  createClient({ baseUrl: "https://api.example", marketplace: "se" });
});

test("http is typed by path", async () => {
  const { data, error } = await imcloud.http.GET("/orders/{id}", { params: { path: { id: "1" } } });
  expectTypeOf(data).toEqualTypeOf<OrderDetails | undefined>();
  // @ts-expect-error the response may be an error
  data.id;
  expectTypeOf(error).not.toBeAny();
  // @ts-expect-error no such path
  imcloud.http.GET("/nowhere");
  // @ts-expect-error the path needs its id
  imcloud.http.GET("/orders/{id}");
});

test("request gives what the caller says it gives", () => {
  expectTypeOf(imcloud.request("GET", "/x")).toEqualTypeOf<ApiPromise<unknown>>();
  expectTypeOf(imcloud.request<{ a: 1 }>("GET", "/x")).toEqualTypeOf<ApiPromise<{ a: 1 }>>();
});

test("fetch can be the platform's, one of a Request alone, and undici's with a dispatcher", () => {
  const options = { baseUrl: "https://api.example", marketplace: "se", auth: { token: () => "t" } };
  const dispatcher = new Agent();
  createClient({ ...options, fetch });
  createClient({ ...options, fetch: (request) => fetch(request) });
  createClient({ ...options, fetch: async (url: string | URL | Request, init?: RequestInit) => fetch(url, init) });
  createClient({ ...options, fetch: (request, init) => undiciFetch(request.url, { ...init, dispatcher }) });
  // @ts-expect-error a fetch gives a response
  createClient({ ...options, fetch: async () => "text" });
});

test("filters have the values that the document knows, alone or several, and times can be dates", () => {
  imcloud.orders.list({ status: "completed", creationTimeFrom: new Date() });
  imcloud.orders.list({ status: ["submitted", "processing"], customerId: undefined });
  // @ts-expect-error no such status
  imcloud.orders.list({ status: "complete" });
  // @ts-expect-error no such status among several
  imcloud.orders.list({ status: ["submitted", "complete"] });
});

test("a target of seats is one of two, and a page's client needs no credentials", () => {
  imcloud.subscriptions.changeSeats("1", { to: 5 });
  imcloud.subscriptions.changeSeats("1", { by: -5 });
  // @ts-expect-error one of the two
  imcloud.subscriptions.changeSeats("1", { to: 5, by: 1 });
  // @ts-expect-error one of the two
  imcloud.subscriptions.changeSeats("1", {});
  createClient({ baseUrl: "/api" });
});
