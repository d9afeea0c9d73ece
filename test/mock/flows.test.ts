import { OrderFailedError, ServerError } from "@imcloud/client";
import type { ParameterValue } from "@imcloud/spec";
import { describe, expect, test } from "vitest";
import { DAY, domain, SECOND, sale, sandbox } from "./sandbox.ts";

/** An account with all required fields. */
const account = (name: string, externalId: string) => ({
  name,
  externalId,
  language: "sv",
  address: { streetAddress: "Kanalgatan 1", postalCode: "41105", city: "Gothenburg", countryCode: "SE" },
  contactPersons: [
    {
      ...{ type: "admin" as const, firstName: "Edda", lastName: "Provberg", email: "edda@harbour.example" },
      ...{ phoneNumber: "+46315550199", login: "edda@harbour.example", password: "Str0ng-enough!" },
    },
  ],
});

describe("customers", () => {
  test("are found by external id, name or a contact's email, and created where there is none", async () => {
    const { imcloud } = await sandbox();
    for (const query of [{ externalId: "PSA-4711" }, { name: "brightwater" }, { email: "signe@brightwater.example" }]) {
      expect((await imcloud.customers.list(query)).data.map(({ id }) => id)).toEqual(["1002101"]);
    }
    expect((await imcloud.customers.list({ externalId: "CRM-9" })).data).toEqual([]);

    const created = await imcloud.customers.create(account("Hårbour Glass", "CRM-9"));
    expect(created).toMatchObject({ status: "active", resellerId: "1000010", name: "Hårbour Glass" });
    expect(created.contactPersons[0]).not.toHaveProperty("password");
    const row = { id: created.id, externalId: created.externalId, name: created.name, status: created.status };
    expect((await imcloud.customers.list({ name: "harbour" })).data).toEqual([row]);
    expect((await imcloud.customers.list()).data[0]).toEqual(row);
    expect(await imcloud.customers.get(created.id)).toEqual(created);
  });

  test("keep every field that an update does not name", async () => {
    const { imcloud } = await sandbox();
    const before = await imcloud.customers.get("1002101");
    const after = await imcloud.customers.update("1002101", { externalId: "X-1", attributes: { region: "west" } });
    expect(after).toEqual({ ...before, externalId: "X-1", attributes: { costCenter: "4100", region: "west" } });
    expect(await imcloud.customers.get("1002101")).toEqual(after);
  });

  test("are created for a reseller", async () => {
    const { imcloud } = await sandbox();
    const reseller = await imcloud.resellers.create({ ...account("Pebble", "R-7"), currency: "EUR" });
    const created = await imcloud.resellers.createCustomer(reseller.id, account("Pebble Press", "P-1"));
    expect(created.resellerId).toBe(reseller.id);
    expect((await imcloud.resellers.listCustomers(reseller.id)).data).toMatchObject([{ id: created.id }]);
    await imcloud.orders.create({ ...sale(2), customerId: created.id });
    expect((await imcloud.resellers.listOrders(reseller.id)).pagination.total).toBe(1);
    expect((await imcloud.resellers.listOrders("1000010")).pagination.total).toBe(3);
  });
});

describe("sales orders", () => {
  test("go from validation in rounds to the subscription", async () => {
    const { mock, imcloud } = await sandbox();
    const [product] = (await imcloud.products.list({ mpn: "NWB-1001-M" })).data;
    const ask = async (parameters: ParameterValue[], draftRequestId?: string) => {
      const draft = draftRequestId === undefined ? {} : { draftRequestId };
      const products = [{ id: String(product?.id), parameters, ...draft }];
      const [result] = (await imcloud.validation.parameters({ customerId: "1002101", products })).data;
      const faults = result?.parameters?.filter(({ result }) => result === "error").map(({ name }) => name);
      return { draft: result?.draftRequestId, faults };
    };
    const first = await ask([]);
    const attestation = {
      name: "partner_on_record_attestation_accepted",
      structured_value: { attestation_accepted: true },
    };
    expect(first.draft).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(first.faults).toEqual(["tenant_preference", attestation.name]);
    const existing = { name: "tenant_preference", value: "existing" };
    const second = await ask([existing, attestation], first.draft);
    expect(second).toEqual({ draft: first.draft, faults: ["microsoft_tenant_id"] });
    const tenant = { name: "microsoft_tenant_id", value: "00000000-0000-4000-8000-0000000000ee" };
    const third = await ask([tenant], first.draft);
    expect(third.faults).toEqual([]);

    const parameters = [existing, tenant, attestation];
    const order = sale(12, { poNumber: "T-9", products: [{ id: "500201", quantity: 12, parameters }] });
    const estimate = await imcloud.orders.estimate(order);
    const placed = await imcloud.orders.create(order);
    expect(placed).toMatchObject({ status: "submitted", poNumber: "T-9", total: estimate.total });
    expect(placed.orderNumber).toBe(`SO${placed.id}`);
    expect(placed.details).toEqual(estimate.details);
    const states = [];
    for (let halves = 0; halves < 20; halves++) {
      const { status, statusCode } = await imcloud.orders.get(placed.id);
      states.push([status, statusCode].join(" "));
      await mock.advance(SECOND / 2);
    }
    expect([...new Set(states)]).toEqual([
      ...["submitted NW", "submitted OP", "processing PD", "processing I4", "processing PR", "processing PC"],
      "completed CP",
    ]);

    const done = await imcloud.orders.get(placed.id);
    const subscription = await imcloud.subscriptions.get(String(done.subscriptionId));
    expect(subscription).toMatchObject({
      ...{ status: "active", customerId: "1002101", renewalStatus: true, planId: 200110 },
      ...{ creationDate: "2026-10-05", renewalDate: "2027-10-05", expirationDate: "2027-10-04" },
      products: [{ id: "500201", quantity: 12, extendedPrice: { amount: "223.20" } }],
      fulfillmentParameters: [{ name: "ms_customer_id", value: tenant.value }],
    });
    expect((await imcloud.orders.list({ subscriptionId: subscription.id })).data.map(({ id }) => id)).toEqual([
      done.id,
    ]);
  });

  test("complete in real time while a client waits", async () => {
    const { imcloud } = await sandbox({ speed: 1 });
    const placed = await imcloud.orders.create(sale(1));
    const states: string[] = [];
    const done = await imcloud.orders.wait(placed.id, { onState: ({ status }) => states.push(status) });
    expect(done.status).toBe("completed");
    expect(states.at(-1)).toBe("completed");
  });

  test("end in error under the fault orderError", async () => {
    const { mock, imcloud } = await sandbox({ speed: 60 });
    mock.faults.add({ kind: "orderError", operation: "orders_create", count: 1 });
    const placed = await imcloud.orders.create(sale(1));
    await expect(imcloud.orders.wait(placed.id)).rejects.toBeInstanceOf(OrderFailedError);
  });
});

describe("activation parameters", () => {
  const setUp = async () => {
    const { imcloud } = await sandbox({ size: "medium" });
    const idOf = async (name: string) => String((await imcloud.products.list({ name })).data[0]?.id);
    const validate = async (name: string, parameters: ParameterValue[]) => {
      const products = [{ id: await idOf(name), parameters }];
      const [result] = (await imcloud.validation.parameters({ customerId: "1002101", products })).data;
      return new Map(result?.parameters?.map(({ name, result, valueError }) => [name, valueError ?? result]));
    };
    return { imcloud, idOf, validate };
  };

  test("must not have the customer's data for an existing tenant", async () => {
    const { imcloud, idOf, validate } = await setUp();
    const tenant = { name: "microsoft_tenant_id", value: "00000000-0000-4000-8000-0000000000ee" };
    const address = { name: "effective_address", value: "Kanalgatan 12" };
    const parameters = [{ name: "tenant_preference", value: "existing" }, tenant, address];
    const sentence = "Send it only where tenant_preference is new.";
    expect((await validate("Nimbus Workspace Enterprise", parameters)).get("effective_address")).toBe(sentence);
    const products = [{ id: await idOf("Nimbus Workspace Enterprise"), quantity: 10, parameters }];
    await expect(imcloud.orders.estimate({ customerId: "1002101", products })).rejects.toThrow(sentence);
    const fresh = [...domain, address, { name: "special_qualifications", value: "None" }];
    const validated = await validate("Nimbus Workspace Enterprise", fresh);
    for (const name of ["effective_address", "special_qualifications"]) expect(validated.get(name)).toBe("success");
  });

  test("are Azure's own, and have dates as YYYY-MM-DD for drawing software", async () => {
    const { validate } = await setUp();
    const azure = await validate("Halden Compute", [
      { name: "microsoft_order_type", value: "new_customer" },
      { name: "mca_attestation_accepted", value: "yes" },
    ]);
    expect(azure.get("microsoft_order_type")).toBe("success");
    expect(azure.get("mca_attestation_accepted")).toBe("The value must be one of: YES.");
    for (const [value, said] of [
      ["2026-10-05", "success"],
      ["10-05-2026", "The value is not a date as YYYY-MM-DD."],
    ] as const) {
      const drawing = await validate("Tundra Draw", [{ name: "cb_align_expiration_date", value }]);
      expect(drawing.get("cb_align_expiration_date")).toBe(said);
    }
  });
});

describe("change orders", () => {
  test("are written as a new total and read as a signed difference", async () => {
    const { mock, imcloud } = await sandbox();
    const change = (quantity: number) => ({
      ...{ type: "change" as const, customerId: "1002101", subscriptionId: "700401" },
      products: [{ id: "500201", quantity, subscriptionId: "700401" }],
    });
    for (const [quantity, difference, total] of [
      [29, -1, "-6.98"],
      [35, 6, "41.85"],
    ] as const) {
      const placed = await imcloud.orders.create(change(quantity));
      expect(placed).toMatchObject({ products: [{ quantity: difference }], total: { amount: total } });
      const second = imcloud.orders.create(change(quantity + 1));
      await expect(second).rejects.toMatchObject({ message: expect.stringContaining(String(placed.orderNumber)) });
      await expect(second).rejects.toBeInstanceOf(ServerError);
      await mock.advance(10 * SECOND);
      const { products } = await imcloud.subscriptions.get("700401");
      expect(products?.[0]?.quantity).toBe(quantity);
    }
    await expect(imcloud.orders.create(change(35))).rejects.toThrow("has 35 of product 500201 already");
  });

  test("wait for the renewal with scheduledOn, read as the total, and can be cancelled", async () => {
    const { mock, imcloud } = await sandbox();
    const change = (quantity: number) => ({
      ...{ type: "change" as const, customerId: "1002101", subscriptionId: "700401", scheduledOn: "renewal" },
      products: [{ id: "500201", quantity }],
    });
    const first = await imcloud.orders.create(change(10));
    expect(first.products?.[0]?.quantity).toBe(10);
    await mock.advance(100 * DAY);
    expect(await imcloud.orders.get(first.id)).toMatchObject({ status: "processing", statusCode: "AS" });
    expect(await imcloud.orders.update(first.id, { statusCode: "CL" })).toMatchObject({ status: "cancelled" });
    const second = await imcloud.orders.create(change(12));
    await mock.advance(365 * DAY);
    expect(await imcloud.orders.get(second.id)).toMatchObject({ status: "completed", statusCode: "CP" });
    const subscription = await imcloud.subscriptions.get("700401");
    expect(subscription).toMatchObject({ renewalDate: "2028-09-14", products: [{ quantity: 12 }] });
    const orders = await Array.fromAsync(imcloud.orders.list({ subscriptionId: "700401" }));
    expect(orders.map(({ type }) => type)).toEqual(["renewal", "change", "change", "change", "sales"]);
    expect(orders[0]).toMatchObject({ orderNumber: expect.stringMatching(/^RN\d+$/) });
    expect(await imcloud.orders.get(String(orders[0]?.id))).not.toHaveProperty("products");
  });
});

describe("renewals and cancellations", () => {
  test("end a subscription without autorenewal at its renewal", async () => {
    const { mock, imcloud } = await sandbox();
    expect(await imcloud.subscriptions.update("700401", { renewalStatus: false })).toMatchObject({
      renewalStatus: false,
    });
    await mock.advance(365 * DAY);
    expect(await imcloud.subscriptions.get("700401")).toMatchObject({
      status: "terminated",
      expirationDate: "2027-09-13",
    });
  });

  test("cancel at once, without products", async () => {
    const { mock, imcloud } = await sandbox();
    const order = { type: "cancellation" as const, customerId: "1002101", subscriptionId: "700401", poNumber: "T-5" };
    const placed = await imcloud.orders.create(order);
    expect(placed).not.toHaveProperty("products");
    await mock.advance(10 * SECOND);
    expect(await imcloud.orders.get(placed.id)).toMatchObject({ type: "cancellation", status: "completed" });
    expect(await imcloud.subscriptions.get("700401")).toMatchObject({
      status: "terminated",
      expirationDate: "2026-10-05",
    });
    await expect(imcloud.orders.create(order)).rejects.toThrow("is terminated; order a new one instead");
  });

  test("move the dates by a period at a renewal", async () => {
    const { mock, imcloud } = await sandbox();
    await imcloud.orders.create({ type: "renewal", customerId: "1002101", subscriptionId: "700401" });
    await mock.advance(10 * SECOND);
    expect(await imcloud.subscriptions.get("700401")).toMatchObject({ renewalDate: "2028-09-14" });
  });

  test("replace a monthly subscription each month", async () => {
    const { mock, imcloud } = await sandbox({ size: "medium" });
    const products = await Array.fromAsync(imcloud.products.list());
    const monthly = products.find(
      ({ subscriptionPeriod, serviceName }) =>
        subscriptionPeriod?.type === "month" && serviceName === "POLAR_MAIL_GUARD",
    );
    const customers = await Array.fromAsync(imcloud.customers.list());
    const customer = customers.findLast(({ status }) => status === "active");
    const items = [{ id: String(monthly?.id), quantity: 3 }];
    const placed = await imcloud.orders.create({ type: "sales", customerId: String(customer?.id), products: items });
    await mock.advance(95 * DAY);
    const { subscriptionId } = await imcloud.orders.get(placed.id);
    expect(await imcloud.subscriptions.get(String(subscriptionId))).toMatchObject({ status: "removed" });
    const all = await Array.fromAsync(imcloud.subscriptions.details({ customerId: String(customer?.id) }));
    const line = all.filter(({ products }) => products?.[0]?.id === monthly?.id && products?.[0]?.quantity === 3);
    expect(line.filter(({ status }) => status === "removed").length).toBeGreaterThanOrEqual(3);
    expect(line.filter(({ status }) => status === "active").length).toBeGreaterThanOrEqual(1);
  });

  test("wait for a migration's date, and bring its dates along", async () => {
    const { mock, imcloud } = await sandbox();
    const placed = await imcloud.orders.create({
      ...sale(4),
      type: "migration",
      migrationDate: "2026-11-01",
      startDate: "2026-03-01",
      expirationDate: "2027-02-28",
      autorenewal: false,
    });
    await mock.advance(20 * DAY);
    expect(await imcloud.orders.get(placed.id)).toMatchObject({ status: "processing" });
    await mock.advance(10 * DAY);
    const { status, subscriptionId } = await imcloud.orders.get(placed.id);
    expect(status).toBe("completed");
    expect(await imcloud.subscriptions.get(String(subscriptionId))).toMatchObject({
      ...{ creationDate: "2026-03-01", expirationDate: "2027-02-28", renewalDate: "2027-03-01", renewalStatus: false },
    });
  });

  test("are renewed into the current period, and again, when a migration's period was over years ago", async () => {
    const { mock, imcloud } = await sandbox();
    const past = { startDate: "2020-03-01", expirationDate: "2021-02-28" };
    const placed = await imcloud.orders.create({ ...sale(4), ...past, type: "migration" });
    await mock.advance(DAY);
    const { subscriptionId } = await imcloud.orders.get(placed.id);
    const renewals = async () => {
      const query = { subscriptionId: String(subscriptionId), statusCode: "CP" };
      const { data } = await imcloud.orders.list(query);
      return data.filter(({ type }) => type === "renewal").length;
    };
    const subscription = () => imcloud.subscriptions.get(String(subscriptionId));
    expect(await subscription()).toMatchObject({ status: "active", renewalDate: "2027-03-01" });
    expect(await renewals()).toBe(1);
    await mock.advance(365 * DAY);
    expect(await subscription()).toMatchObject({ status: "active", renewalDate: "2028-03-01" });
    expect(await renewals()).toBe(2);
  });
});

describe("special prices", () => {
  test("apply to later orders", async () => {
    const { imcloud } = await sandbox();
    const unitPrice = { currency: "EUR", amount: "17.50" };
    const changed = await imcloud.subscriptions.updateSpecialPricing("700401", {
      products: [{ id: "500201", unitPrice }],
    });
    expect(changed).toMatchObject({ totalPrice: { amount: "525.00" }, products: [{ unitPrice }] });
    const order = await imcloud.orders.estimate({
      ...{ type: "change", customerId: "1002101", subscriptionId: "700401" },
      products: [{ id: "500201", quantity: 32 }],
    });
    expect(order.details?.[0]).toMatchObject({ quantity: 2, unitPrice, extendedPrice: { amount: "10.50" } });
  });
});

describe("business rules", () => {
  const refused: [what: string, order: object, sentence: string][] = [
    ["an unknown customer", { customerId: "999" }, 'customerId "999" names nothing'],
    [
      "a renewal for a customer on hold",
      { type: "renewal", customerId: "1002102", subscriptionId: "700402", products: undefined },
      "Customer 1002102 is creditHold and may not order",
    ],
    ["no products", { products: [] }, "needs products"],
    ["an unknown product", { products: [{ id: "1", quantity: 1 }] }, 'Product id "1" names nothing'],
    [
      "too many",
      { products: [{ id: "500201", quantity: 301, parameters: domain }] },
      "quantities from 1 to 300 of product 500201 (NWB-1001-M); got 301",
    ],
    [
      "too few",
      { products: [{ id: "500201", quantity: 0, parameters: domain }] },
      "quantities from 1 to 300 of product 500201 (NWB-1001-M); got 0",
    ],
    ["no parameters", { products: [{ id: "500201", quantity: 1 }] }, "tenant_preference: A value is needed."],
    [
      "wrong parameters",
      {
        products: [
          {
            id: "500201",
            quantity: 1,
            parameters: [
              { name: "tenant_preference", value: "new" },
              { name: "microsoft_domain", value: "brightwater.example" },
            ],
          },
        ],
      },
      "microsoft_domain: The value is not a domain that ends in .onmicrosoft.com.",
    ],
    [
      "too many in several lines",
      { products: Array(2).fill({ id: "500201", quantity: 151, parameters: domain }) },
      "quantities from 1 to 300 of product 500201 (NWB-1001-M); got 302",
    ],
  ];
  test.each(refused)("reject %s with a clear message", async (_what, order, sentence) => {
    const { imcloud } = await sandbox();
    const error = { status: 400, message: expect.stringContaining(sentence) };
    await expect(imcloud.orders.create({ ...sale(1), ...order })).rejects.toMatchObject(error);
    expect((await imcloud.orders.list()).pagination.total).toBe(3);
  });

  test("reject an MPN of more than one product", async () => {
    const { imcloud } = await sandbox({ size: "medium" });
    const order = sale(1, { products: [{ mpn: "NWA-1000-M", quantity: 1, parameters: domain }] });
    await expect(imcloud.orders.create(order)).rejects.toThrow("names 2 products");
    const period = { type: "month" as const, duration: 1 };
    const exact = [
      { mpn: "NWA-1000-M", subscriptionPeriod: period, billingPeriod: period, quantity: 1, parameters: domain },
    ];
    expect((await imcloud.orders.create({ ...order, products: exact })).products?.[0]?.mpn).toBe("NWA-1000-M");
  });

  test("reject a list of statuses", async () => {
    const { imcloud } = await sandbox();
    // Added by middleware, as the client would make one call for each status.
    imcloud.use((call, next) => next({ ...call, url: `${call.url}?status=active,pending` }));
    await expect(imcloud.subscriptions.list()).rejects.toMatchObject({ status: 400 });
  });
});
