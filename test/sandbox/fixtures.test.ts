import { createSandbox, type Fixtures } from "@imcloud/mock/sandbox";
import { describe, expect, test } from "vitest";
import { sandboxWithClient } from "./client.ts";

const address = { streetAddress: "Kaigatan 1", postalCode: "11122", city: "Stockholm", countryCode: "SE" };
const contactPersons = [
  {
    type: "admin" as const,
    firstName: "Ada",
    lastName: "Berg",
    email: "ada@fjord.example",
    phoneNumber: "+46700000000",
  },
];
const account = { name: "Fjord AB", address, contactPersons, language: "sv" };
const customer = { ...account, id: "71", resellerId: "5" };
const fixtures = {
  resellers: [{ ...account, id: "5", name: "Norr IT", currency: "SEK" }],
  customers: [customer, { ...customer, id: "72", name: "Fjell AS" }],
  products: [
    {
      ...{ id: "31", mpn: "MAIL-1", vendor: "Polarlight", name: "Mail Guard" },
      prices: [{ currency: "SEK", amount: "20.00", type: "recurring", model: "FLAT", lowerLimit: 1 }],
      subscriptionPeriod: { type: "year", duration: 1 },
    },
  ],
  subscriptions: [{ id: "41", customerId: "71", creationDate: "2025-02-01", products: [{ id: "31", quantity: 7 }] }],
  orders: [
    {
      ...{ id: "51", type: "sales", status: "completed", statusCode: "CP", customerId: "71", subscriptionId: "41" },
      ...{ creationDate: "2025-02-01T09:00:00Z", orderNumber: "SO-1", total: { currency: "SEK", amount: "140.00" } },
      products: [{ id: "31", quantity: 7 }],
    },
  ],
} satisfies Fixtures;

describe("createSandbox({ fixtures })", () => {
  test("has the fixtures with the chosen ids, and nothing else", async () => {
    const { imcloud } = sandboxWithClient({ fixtures });
    expect((await imcloud.customers.list()).data.map(({ id }) => id)).toEqual(["72", "71"]);
    expect(await imcloud.customers.get("71")).toEqual({ ...customer, status: "active" });
    expect((await imcloud.resellers.listCustomers("5")).pagination.total).toBe(2);
    const subscription = await imcloud.subscriptions.get("41");
    expect(subscription).toMatchObject({
      ...{ customerId: "71", status: "active", name: "Mail Guard", renewalDate: "2027-02-01" },
      totalPrice: { currency: "SEK", amount: "140.00" },
    });
    expect((await imcloud.orders.list({ subscriptionId: "41" })).data.map(({ id }) => id)).toEqual(["51"]);
    await expect(imcloud.customers.get("1002101")).rejects.toMatchObject({ status: 404 });
  });

  test("has subscriptions whose dates are given in part", async () => {
    const given = { customerId: "71", creationDate: "2025-02-01", products: [{ id: "31", quantity: 7 }] };
    const subscriptions = [
      { ...given, id: "41", status: "pending" },
      { ...given, id: "42", renewalDate: "2026-12-01" },
    ];
    const { imcloud } = sandboxWithClient({ fixtures: { ...fixtures, subscriptions } });
    expect(await imcloud.subscriptions.get("41")).not.toHaveProperty("expirationDate");
    expect(await imcloud.subscriptions.get("42")).toMatchObject({ expirationDate: "2026-11-30" });
  });

  test("has subscriptions on hold with their account, which go on when it is active again", async () => {
    const on = { status: "hold", creationDate: "2025-02-01", products: [{ id: "31", quantity: 7 }] };
    const { sandbox, imcloud } = sandboxWithClient({
      fixtures: {
        ...fixtures,
        customers: [
          { ...customer, status: "creditHold" },
          { ...customer, id: "72" },
        ],
        subscriptions: [
          { ...on, id: "41", customerId: "71" },
          { ...on, id: "42", customerId: "72" },
        ],
      },
    });
    const statuses = async () => (await imcloud.subscriptions.list()).data.map(({ id, status }) => `${id} ${status}`);
    await sandbox.advance(400 * 86_400_000);
    expect(await statuses()).toEqual(["42 hold", "41 hold"]);
    for (const id of ["71", "72"]) await imcloud.customers.update(id, { status: "active" });
    expect(await statuses()).toEqual(["42 hold", "41 active"]);
    await sandbox.advance(1);
    expect(await imcloud.subscriptions.get("41")).toMatchObject({ status: "active", renewalDate: "2028-02-01" });
  });

  test("sells the fixtures' products", async () => {
    const { sandbox, imcloud } = sandboxWithClient({ fixtures });
    const products = [{ id: "31", quantity: 2 }];
    const placed = await imcloud.orders.create({ type: "sales", customerId: "72", products });
    await sandbox.advance(10_000);
    const { subscriptionId } = await imcloud.orders.get(placed.id);
    expect(await imcloud.subscriptions.get(String(subscriptionId))).toMatchObject({ customerId: "72" });
    const changed = [{ id: "31", quantity: 9 }];
    await imcloud.orders.create({ type: "change", customerId: "71", subscriptionId: "41", products: changed });
    await sandbox.advance(10_000);
    expect((await imcloud.subscriptions.get("41")).products?.[0]?.quantity).toBe(9);
  });

  test("starts empty with {}, and resources can be created", async () => {
    const { imcloud } = sandboxWithClient({ fixtures: {} });
    for (const list of [imcloud.customers.list(), imcloud.orders.list(), imcloud.products.list()]) {
      expect((await list).pagination.total).toBe(0);
    }
    const created = await imcloud.customers.create(account);
    expect((await imcloud.customers.list()).data.map(({ id }) => id)).toEqual([created.id]);
  });

  test.each<[fixtures: object, sentence: string]>([
    [{ customer: [] }, 'there are no "customer"'],
    [{ customers: {} }, "customers must be an array"],
    [{ customers: [{ ...customer, address: { ...address, city: 5 } }] }, "customers[0].address.city must be string"],
    [{ customers: [customer] }, 'customers[0].resellerId "5" names none of the resellers'],
    [{ ...fixtures, customers: [customer, customer] }, 'customers[1].id "71" is there already'],
    [{ products: [{ id: "p", prices: [{ amount: 5 }] }] }, "products[0].prices.0.amount must be string"],
    [{ ...fixtures, orders: [{ ...fixtures.orders[0], subscriptionId: "9" }] }, 'orders[0].subscriptionId "9" names'],
    [{ subscriptions: [null] }, "subscriptions[0] must be an object"],
  ])("rejects %o and says where", (wrong, sentence) => {
    expect(() => createSandbox({ fixtures: wrong as Fixtures })).toThrow(sentence);
  });

  test("says that ids are missing, and not that they are duplicates", () => {
    const wrong = { customers: [{}, {}] } as unknown as Fixtures;
    expect(() => createSandbox({ fixtures: wrong })).toThrow(
      /: customers\[0\]\.id must be a text; customers\[1\]\.id must be a text\.$/,
    );
  });
});

describe("sandbox.seed", () => {
  test("adds rows, replaces those with the same ids, and is undone by reset", async () => {
    const { sandbox, imcloud } = sandboxWithClient();
    const before = await imcloud.customers.get("1002101");
    sandbox.seed({
      customers: [
        { ...before, name: "Renamed" },
        { ...before, id: "88" },
      ],
    });
    expect((await imcloud.customers.get("1002101")).name).toBe("Renamed");
    expect((await imcloud.customers.list()).data.map(({ id }) => id)).toContain("88");
    await sandbox.reset();
    expect((await imcloud.customers.get("1002101")).name).toBe(before.name);
    await expect(imcloud.customers.get("88")).rejects.toMatchObject({ status: 404 });
  });

  test("changes nothing when part of it is invalid", async () => {
    const { sandbox, imcloud } = sandboxWithClient();
    const customers = [
      { ...customer, resellerId: undefined },
      { ...customer, resellerId: "99" },
    ] as never;
    expect(() => sandbox.seed({ customers })).toThrow("customers[1]");
    expect((await imcloud.customers.list()).pagination.total).toBe(2);
  });

  test("does not reuse a fixture's number", async () => {
    const { sandbox, imcloud } = sandboxWithClient();
    const { id, ...fields } = await imcloud.customers.get("1002102");
    sandbox.seed({ customers: [{ ...fields, id: "1002103" }] });
    const { resellerId: _, status: __, ...sent } = fields;
    const created = await imcloud.customers.create(sent as never);
    expect([id, "1002103"]).not.toContain(created.id);
  });
});

describe("createSandbox({ replay })", () => {
  const call = (path: string, body: object, more: object = {}) => ({
    startedDateTime: "2027-02-03T10:00:00.000Z",
    request: { method: "GET", url: `https://api.example/marketplace/eu${path}` },
    response: { status: 200, content: { text: JSON.stringify(body), ...more } },
  });
  const page = (data: object[]) => ({ data, pagination: { offset: 0, limit: 10, total: data.length } });

  test("has the data of the last responses, newest first, at the time of the last one", async () => {
    const base64 = { text: btoa(JSON.stringify({ ...account, id: "8", name: "Fjell AS" })), encoding: "base64" };
    const entries = [
      call(
        "/customers?limit=2",
        page([
          { id: "9", name: "Old name" },
          { id: "8", name: "Fjell AS" },
        ]),
      ),
      call("/customers/9", { ...account, id: "9" }),
      call("/customers/8", {}, base64),
      call("/resellers/5/customers", page([{ id: "7", name: "Dal AS", resellerId: "5" }])),
      call("/somewhere/else", page([{ id: "1" }])),
      { ...call("/customers/6", {}), response: { status: 404, content: { text: '{"id": "6"}' } } },
    ];
    const { sandbox, imcloud } = sandboxWithClient({ replay: { log: { entries } } });
    expect(sandbox.now().toISOString()).toBe("2027-02-03T10:00:00.000Z");
    expect((await imcloud.customers.list()).data.map(({ id, name }) => [id, name])).toEqual([
      ["9", "Fjord AB"],
      ["8", "Fjell AS"],
      ["7", "Dal AS"],
    ]);
    expect(await imcloud.customers.get("9")).toMatchObject(account);
    expect(await imcloud.resellers.get("5")).toMatchObject({ name: "Reseller 5" });
  });

  test("starts at the time of the API's clock, where that is another one than the recorder's", () => {
    const recorded = call("/customers/9", { ...account, id: "9" });
    const headers = [{ name: "Date", value: "Wed, 03 Feb 2027 08:00:00 GMT" }];
    const entries = [{ ...recorded, response: { ...recorded.response, headers } }];
    const { sandbox } = sandboxWithClient({ replay: { log: { entries } } });
    expect(sandbox.now().toISOString()).toBe("2027-02-03T08:00:00.000Z");
  });

  test.each<[replay: object, sentence: string]>([
    [{}, "it has no log.entries"],
    [{ log: { entries: [null] } }, "log.entries[0] has no request with a method and a url"],
  ])("refuses %j with a clear message", (replay, sentence) => {
    expect(() => createSandbox({ replay: replay as never })).toThrow(sentence);
  });

  test("refuses fixtures or a size beside it", () => {
    const replay = { log: { entries: [] } };
    expect(() => createSandbox({ replay, fixtures: {} })).toThrow("Give fixtures or replay");
    expect(() => createSandbox({ replay, size: "small" })).toThrow("Give replay or size");
  });
});
