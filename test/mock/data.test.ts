import { createHash } from "node:crypto";
import type { Order, OrderDetails } from "@imcloud/client";
import { createSandbox, type SandboxOptions } from "@imcloud/mock/sandbox";
import { type MediaType, resolve } from "@imcloud/openapi-tools/document";
import { beforeAll, describe, expect, test } from "vitest";
import { document, operations } from "../support/document.ts";
import { isNightly } from "../support/nightly.ts";
import { tokenOf } from "../support/token.ts";
import { clientOf, DAY, localSandbox, sale, sandbox } from "./sandbox.ts";

/** The examples of an operation's 200 response. */
function examplesOf(id: string): { id: string; downloadUrl?: string }[] {
  const operation = operations.find((other) => other.id === id);
  const success = operation?.operation.responses["200"];
  const content: Record<string, MediaType> = (success && resolve(document, success).content) ?? {};
  const examples = Object.values(content["application/json"]?.examples ?? {});
  return examples.map((example) => resolve(document, example).value as { id: string });
}

describe("size small", () => {
  test.each(["customers", "resellers", "orders", "plans", "subscriptions", "reports"] as const)(
    "shows %s as the document's examples do",
    async (resource) => {
      const { imcloud } = await sandbox();
      for (const { downloadUrl: _, ...example } of examplesOf(`${resource}_get`)) {
        const { downloadUrl: __, ...shown } = (await imcloud[resource].get(example.id)) as { downloadUrl?: string };
        expect(shown).toEqual(example);
      }
    },
  );

  test.each(["customers", "resellers", "orders", "plans", "subscriptions", "products"] as const)(
    "lists %s as the document's examples do",
    async (resource) => {
      const { imcloud } = await sandbox();
      const [example] = examplesOf(`${resource}_list`);
      const { data, pagination } = await imcloud[resource].list();
      expect({ data, pagination }).toEqual(example);
    },
  );

  test("estimates as the document's example does", async () => {
    const { imcloud } = await sandbox();
    const parameters = [
      { name: "tenant_preference", value: "new" },
      { name: "microsoft_domain", value: "brightwater.onmicrosoft.com" },
    ];
    const order = {
      type: "sales" as const,
      customerId: "1002101",
      products: [{ id: "500201", quantity: 25, parameters }],
    };
    expect(await imcloud.orders.estimate(order)).toEqual(examplesOf("orders_estimate")[0]);
  });
});

/** Pages of orders from one that is read to the next, as reading them all takes long. */
const STEP = isNightly ? 1 : 8;

/** A hash of the bytes that a sandbox returns: the rows, those of orders on some pages, and the details of the last orders. */
async function fingerprint(options: SandboxOptions): Promise<string> {
  const sandbox = createSandbox({ speed: 0, ...options });
  const { fetch, url } = sandbox;
  const headers = { authorization: `Bearer ${await tokenOf(sandbox)}` };
  const hash = createHash("sha256");
  const read = async (path: string) => {
    const text = await (await fetch(`${url}${path}`, { headers })).text();
    hash.update(text);
    return JSON.parse(text) as { data: { id: string }[]; pagination: { total: number } };
  };
  for (const resource of ["resellers", "customers", "products", "plans", "subscriptions", "orders"]) {
    let total = 1;
    for (let offset = 0; offset < total; offset += 500 * (resource === "orders" ? STEP : 1)) {
      ({ total } = (await read(`/${resource}?limit=500&offset=${offset}`)).pagination);
    }
  }
  for (const { id } of (await read("/orders?limit=100")).data) await read(`/orders/${id}`);
  return hash.digest("hex");
}

/** A medium sandbox that tests only read, as reading all of it takes long. */
let medium: ReturnType<typeof localSandbox>;
/** All of its orders. */
let orders: Order[];
beforeAll(async () => {
  medium = localSandbox({ size: "medium" });
  orders = await Array.fromAsync(medium.imcloud.orders.list({ limit: 500 }));
});

describe("size medium", () => {
  test("is the same for the same seed, and differs for another", async () => {
    // Stores of one seed share what was made for the last: another one between them has it made again.
    const [one, other, again] = [
      await fingerprint({ size: "medium" }),
      await fingerprint({ size: "medium", seed: 7 }),
      await fingerprint({ size: "medium" }),
    ];
    expect(again).toBe(one);
    expect(other).not.toBe(one);
  }, 120_000);

  test("has about 500 customers, 2,000 subscriptions and 20,000 orders", async () => {
    const { imcloud } = medium;
    const totals = await Promise.all(
      (["customers", "subscriptions", "orders"] as const).map(
        async (resource) => (await imcloud[resource].list({ limit: 1 })).pagination.total,
      ),
    );
    for (const [place, about] of [500, 2_000, 20_000].entries()) {
      expect(Number(totals[place]) / about).toBeGreaterThan(0.9);
      expect(Number(totals[place]) / about).toBeLessThan(1.1);
    }
  });

  const cents = (amount: string | undefined) => Math.round(Number(amount) * 100);

  test("has orders that add up to the cent, in the order of time", async () => {
    const { imcloud } = medium;
    let lines = 0;
    let before = Number.POSITIVE_INFINITY;
    const creationTimeFrom = isNightly ? "2026-01-01T00:00:00Z" : "2026-09-18T00:00:00Z";
    for await (const order of imcloud.orders.details({ creationTimeFrom })) {
      const at = Date.parse(String(order.creationDate).replace(" ", "T"));
      expect(at).toBeLessThanOrEqual(before);
      before = at;
      if (order.provisioningDate) expect(Date.parse(order.provisioningDate)).toBeGreaterThanOrEqual(at);
      let sum = 0;
      for (const { quantity, unitPrice, extendedPrice, discount, taxAmount, duration } of order.details ?? []) {
        const whole = Math.round(cents(unitPrice?.amount) * Number(quantity));
        // A partial period is charged by the day.
        if (duration?.type === "day") expect(Math.abs(cents(extendedPrice?.amount))).toBeLessThan(Math.abs(whole));
        else expect(cents(extendedPrice?.amount)).toBe(whole);
        sum += cents(extendedPrice?.amount) - (discount ? cents(discount.amount) : 0) + cents(taxAmount?.amount);
        lines += 1;
      }
      if (order.details) expect(cents(order.total?.amount)).toBe(sum);
    }
    expect(lines).toBeGreaterThan(100);
  });

  test("has subscriptions whose quantities follow from their orders", async () => {
    const { imcloud } = medium;
    const { data } = await imcloud.subscriptions.list({ status: "active", limit: 500 });
    const yearly = data.filter(({ subscriptionPeriod }) => subscriptionPeriod?.type === "year").slice(0, 40);
    expect(yearly.length).toBeGreaterThan(10);
    for (const { id } of yearly) {
      const { products } = await imcloud.subscriptions.get(id);
      const orders: OrderDetails[] = await Array.fromAsync(imcloud.orders.details({ subscriptionId: id }));
      const done = orders.filter(({ status }) => status === "completed");
      // Reservations and the like have no products and no sales order.
      if (!products?.length) continue;
      for (const product of products) {
        const held = done
          .flatMap(({ products = [] }) => products)
          .reduce((sum, { id, quantity }) => sum + (id === product.id ? Number(quantity) : 0), 0);
        expect(held).toBe(Number(product.quantity));
      }
      expect(orders.at(-1)?.type).toBe("sales");
    }
  });

  test("has the odd data of real tenants", async () => {
    const { imcloud } = medium;
    const rows = await Array.fromAsync(imcloud.subscriptions.list({ limit: 500 }));
    const pending = rows.filter(({ status }) => status === "pending");
    expect(pending.length).toBeGreaterThan(5);
    expect(pending.every(({ expirationDate }) => expirationDate === undefined)).toBe(true);
    const removed = rows.filter(({ status }) => status === "removed");
    expect(removed.some(({ expirationDate = "" }) => expirationDate > "2029")).toBe(true);
    expect(rows.some(({ attributes }) => attributes?.PONumber)).toBe(true);

    const reservation = rows.find(({ name }) => name?.endsWith("Reservation"));
    expect((await imcloud.subscriptions.get(String(reservation?.id))).products).toEqual([]);
    const active = rows.filter(({ status }) => status === "active").slice(0, 200);
    const details = await Promise.all(active.map(({ id }) => imcloud.subscriptions.get(id)));
    const several = details.filter(({ products = [] }) => products.length > 1);
    expect(several.length).toBeGreaterThan(2);
    expect(several[0]?.products?.[1]).toMatchObject({
      ...{ id: expect.stringMatching(/^PRD\d+$/), mpn: expect.stringMatching(/:0001$/) },
    });
    expect(details.every(({ products = [] }) => products.every(({ quantity }) => typeof quantity === "number"))).toBe(
      true,
    );

    const numbers = details.flatMap(({ products = [] }) =>
      products.map((product) => String(product.vendorSubscriptionId)),
    );
    expect(new Set(numbers).size).toBe(numbers.length);
    for (const form of [/^[0-9a-f]{8}-/, /^\d{14,15}$/]) expect(numbers.some((number) => form.test(number))).toBe(true);

    const tenants = new Map<string, Set<unknown>>();
    for (const { customerId, fulfillmentParameters = [], orderParameters = [] } of details) {
      const tenant = fulfillmentParameters.find(({ name }) => name === "ms_customer_id")?.value;
      if (tenant === undefined) continue;
      tenants.set(customerId, (tenants.get(customerId) ?? new Set()).add(tenant));
      expect(orderParameters.find(({ name }) => name === "microsoft_tenant_id")?.value).toBe(tenant);
      const domain = orderParameters.find(({ name }) => name === "microsoft_domain")?.value;
      expect(domain).toMatch(/\.onmicrosoft\.com$/);
    }
    expect(tenants.size).toBeGreaterThan(5);
    expect([...tenants.values()].every(({ size }) => size === 1)).toBe(true);
  });

  test("has far more renewals than changes, and the numbers of every kind of order", async () => {
    const week = orders.filter(({ creationDate }) => String(creationDate) > "2026-09-28");
    const renewals = week.filter(({ type }) => type === "renewal").length;
    // 40 of 57 in a real tenant.
    expect(renewals / week.length).toBeGreaterThan(0.6);
    expect(renewals / week.length).toBeLessThan(0.8);
    const prefixes = new Set(orders.map(({ orderNumber }) => orderNumber?.replace(/\d+$/, "")));
    expect(prefixes).toEqual(new Set(["SO", "CH", "RN", "CF", "CL", "BO", "PO"]));
    for (const { type, orderNumber, total, provisioningDate } of orders) {
      if (/^(BO|PO)/.test(String(orderNumber))) expect([type, total]).toEqual(["unknown", expect.anything()]);
      if (type === "cancellation") expect(provisioningDate).toBeUndefined();
    }
    const waiting = orders.filter(({ type, statusCode }) => type === "renewal" && statusCode === "AS");
    expect(waiting.length).toBeGreaterThan(3);
  });

  test("has resellers below resellers, and a value for each level of the chain", async () => {
    const { imcloud } = medium;
    const { data } = await imcloud.orders.list({ limit: 500 });
    const sales = data.filter(({ type }) => type === "sales").slice(0, 40);
    const chains = new Set<number>();
    for (const { id } of sales) {
      const { customerId, subscriptions = [], products = [] } = await imcloud.orders.get(id);
      const { resellerId } = await imcloud.customers.get(customerId);
      for (const { tcvs = [] } of subscriptions) {
        chains.add(tcvs.length);
        // Each buyer sells to the next, from the provider to the customer.
        expect(tcvs[0]?.sellerId).toBe(1);
        expect(tcvs.slice(1).map(({ sellerId }) => sellerId)).toEqual(tcvs.slice(0, -1).map(({ buyerId }) => buyerId));
        expect(tcvs.slice(-2).map(({ buyerId }) => String(buyerId))).toEqual([resellerId, customerId]);
        const totals = tcvs.map(({ total }) => Number(total?.amount));
        expect(totals).toEqual(totals.toSorted((one, other) => one - other));
        const ofProducts = products.reduce((sum, { tcvs = [] }) => sum + cents(tcvs.at(-1)?.total?.amount), 0);
        expect(cents(tcvs.at(-1)?.total?.amount)).toBe(ofProducts);
      }
    }
    expect(chains).toEqual(new Set([2, 3, 4]));
  });

  test("has customers in countries of upper-case letters", async () => {
    const { imcloud } = medium;
    const { data } = await imcloud.customers.list({ limit: 20 });
    const customers = await Promise.all(data.map(({ id }) => imcloud.customers.get(id)));
    expect(customers.filter(({ address }) => !/^[A-Z]{2}$/.test(address.countryCode))).toEqual([]);
  });

  test("has a subscription that renews before a whole year is over", async () => {
    const { imcloud } = medium;
    const rows = await Array.fromAsync(imcloud.subscriptions.list({ limit: 500 }));
    const odd = rows.find(({ name }) => name === "Halden Compute Reserved Storage");
    const days = (Date.parse(String(odd?.renewalDate)) - Date.parse(String(odd?.creationDate))) / DAY;
    expect(days).toBe(363);
  });

  test("has renewals under the PO number of the first order", async () => {
    const { imcloud } = medium;
    const { data } = await imcloud.orders.list({ limit: 300 });
    const renewals = data.filter(({ type }) => type === "renewal").slice(0, 20);
    expect(renewals.length).toBe(20);
    const numbers: unknown[] = [];
    for (const { id } of renewals) {
      const { poNumber, subscriptionId } = await imcloud.orders.get(id);
      const orders = await Array.fromAsync(imcloud.orders.list({ subscriptionId: String(subscriptionId) }));
      const sale = orders.find(({ type }) => type === "sales");
      if (!sale) continue;
      expect(poNumber).toBe((await imcloud.orders.get(sale.id)).poNumber);
      numbers.push(poNumber);
    }
    expect(numbers.some((number) => number !== undefined)).toBe(true);
  });

  test("renews subscriptions when months pass in one call", async () => {
    const { mock, imcloud } = localSandbox({ size: "medium" });
    const renewals = async () => {
      const since = { creationTimeFrom: "2026-10-05T12:00:01Z", limit: 500 };
      return (await Array.fromAsync(imcloud.orders.list(since))).filter(({ type }) => type === "renewal").length;
    };
    expect(await renewals()).toBe(0);
    await mock.advance(100 * DAY);
    expect(await renewals()).toBeGreaterThan(300);
    expect(mock.now().toISOString()).toBe("2027-01-13T12:00:00.000Z");
  });
});

describe("lists", () => {
  test("cap the limit at 500, and ignore parameters that they do not know", async () => {
    const { mock, imcloud } = await sandbox({ size: "medium" });
    const page = await imcloud.orders.list({ limit: 9_999 });
    expect(page.data).toHaveLength(500);
    expect(page.pagination.limit).toBe(500);
    // Added by middleware, as the client refuses an unknown parameter.
    imcloud.use((call, next) => next({ ...call, url: `${call.url}&custmerId=1002101` }));
    const misspelled = await imcloud.orders.list({ limit: 1 });
    expect(misspelled.pagination.total).toBe(page.pagination.total);
    expect(mock.requests().at(-1)?.problems).toEqual(['query parameter "custmerId" is unknown and ignored']);
  });

  test("filter by period, status, number and customer", async () => {
    const { imcloud } = medium;
    const total = async (query: object) => (await imcloud.orders.list({ ...query, limit: 1 })).pagination.total;
    const time = (text: string | undefined) => Date.parse(String(text).replace(" ", "T"));
    const [from, to] = ["2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z"];
    const inside = orders.filter(
      ({ creationDate }) => time(creationDate) >= time(from) && time(creationDate) <= time(to),
    );
    expect(await total({ creationTimeFrom: from, creationTimeTo: to })).toBe(inside.length);
    expect(inside.length).toBeGreaterThan(0);
    expect(await total({ statusCode: "AS" })).toBe(orders.filter(({ statusCode }) => statusCode === "AS").length);
    expect(await total({ status: "processing" })).toBe(orders.filter(({ status }) => status === "processing").length);
    expect(await total({ orderNumber: String(orders[9]?.orderNumber) })).toBe(1);
    const { customerId } = orders[20] as { customerId: string };
    expect(await total({ customerId })).toBe(orders.filter((order) => order.customerId === customerId).length);
    const reports = await imcloud.reports.list({ offset: 5, limit: 1, format: "xlsx" });
    expect(reports.data).toHaveLength(3);
  });

  test("show every old row once to clients that page while another creates", async () => {
    const { mock, imcloud } = await sandbox();
    const create = () => imcloud.orders.create(sale(1, { creditCheck: false }));
    for (let count = 0; count < 40; count++) await create();
    const old = new Set((await Array.fromAsync(imcloud.orders.list())).map(({ id }) => id));
    let isPaging = true;
    const creating = (async () => {
      for (let count = 0; isPaging && count < 200; count++) await create();
      return isPaging;
    })();
    const read = async () => (await Array.fromAsync(clientOf(mock).orders.list({ limit: 4 }))).map(({ id }) => id);
    const seen = await Promise.all([read(), read()]);
    isPaging = false;
    // Orders were created to the end of both.
    expect(await creating).toBe(false);
    for (const ids of seen) {
      expect(new Set(ids).size).toBe(ids.length);
      expect(new Set(ids).intersection(old).size).toBe(old.size);
    }
  });
});

describe("mock.save, mock.restore and mock.reset", () => {
  test("save and restore named snapshots, and reset, any number of times", async () => {
    const { mock, imcloud } = await sandbox();
    const look = async () => {
      const orders = await Array.fromAsync(imcloud.orders.details());
      return JSON.stringify([orders, await Array.fromAsync(imcloud.subscriptions.details()), mock.now()]);
    };
    const start = await look();
    mock.save("start");
    const order = { type: "cancellation" as const, customerId: "1002101", subscriptionId: "700401" };
    const { id } = await imcloud.orders.create(order);
    const placed = await look();
    mock.save("placed");
    await mock.advance(10_000);
    const done = await look();
    expect(new Set([start, placed, done]).size).toBe(3);
    await mock.restore("placed");
    expect(await look()).toBe(placed);
    await mock.advance(10_000);
    expect(await look()).toBe(done);
    await mock.restore("start");
    expect(await look()).toBe(start);
    expect((await imcloud.orders.create(order)).id).toBe(id);
    await mock.reset();
    expect(await look()).toBe(start);
    await expect(mock.restore("never")).rejects.toThrow('There is no snapshot "never"');
  });

  test("do not affect other mocks", async () => {
    const [one, other] = [await sandbox(), await sandbox()];
    await one.imcloud.customers.update("1002101", { name: "Renamed" });
    expect((await other.imcloud.customers.get("1002101")).name).toBe("Brightwater Dental Group");
  });

  test("expires tokens by its clock", async () => {
    const { mock, imcloud } = await sandbox();
    await imcloud.plans.list();
    await mock.advance(1_500_000);
    await imcloud.plans.list();
    expect(mock.requests().map(({ path, status }) => [path, status])).toEqual([
      ["/token", 200],
      ["/plans", 200],
      ["/plans", 401],
      ["/token", 200],
      ["/plans", 200],
    ]);
  });

  test("start at a given time, with everything done that was due until then", async () => {
    const { imcloud } = await sandbox({ time: new Date("2028-01-01T00:00:00Z") });
    expect((await imcloud.subscriptions.get("700401")).renewalDate).toBe("2028-09-14");
  });
});
