import { createSandbox, type Fixtures } from "@imcloud/mock/sandbox";
import { describe, expect, test } from "vitest";
import { sandboxWithClient } from "./client.ts";

const account = {
  ...{ name: "Fjord AB", language: "sv" },
  address: { streetAddress: "Kaigatan 1", postalCode: "11122", city: "Stockholm", countryCode: "SE" },
  contactPersons: [
    {
      ...{ type: "admin" as const, firstName: "Ada", lastName: "Berg" },
      ...{ email: "ada@fjord.example", phoneNumber: "+46700000000" },
    },
  ],
};
const price = { currency: "SEK", amount: "20.00", type: "recurring", model: "FLAT", lowerLimit: 1 };
const product = { id: "31", mpn: "MAIL-1", vendor: "Polarlight", prices: [price] };
const subscription = { id: "41", customerId: "71", products: [{ id: "31", quantity: 7 }] };
const fixturesWith = (changed: object): Fixtures => ({
  ...{ customers: [{ ...account, id: "71" }], products: [product], subscriptions: [subscription] },
  ...changed,
});

describe("fixtures with times out of range", () => {
  test.each([
    ["products", "subscriptionPeriod", 0],
    ["products", "billingPeriod", 0],
    ["products", "subscriptionPeriod", -1],
    ["products", "subscriptionPeriod", 2 ** 31 - 1],
    ["subscriptions", "billingPeriod", 0],
  ])("are refused: %s with a %s of %i years", (kind, name, duration) => {
    const thing = kind === "products" ? product : subscription;
    const fixtures = fixturesWith({ [kind]: [{ ...thing, [name]: { type: "year", duration } }] });
    expect(() => createSandbox({ fixtures })).toThrow(`${kind}[0].${name}.duration must be from 1 to 1000`);
  });

  test.each([
    ["customers", "status"],
    ["products", "planId"],
    ["subscriptions", "renewalDate"],
    ["subscriptions", "status"],
    ["subscriptions", "name"],
  ])("treat an undefined member as left out: %s with %s", async (kind, name) => {
    const thing = { customers: { ...account, id: "71" }, products: product, subscriptions: subscription }[kind];
    const [told, left] = [{ ...thing, [name]: undefined }, thing].map((each) =>
      sandboxWithClient({ fixtures: fixturesWith({ [kind]: [each] }) }),
    );
    const list = async (of = left) => [
      (await of?.imcloud.customers.list())?.data,
      (await of?.imcloud.products.list())?.data,
      await of?.imcloud.subscriptions.get("41"),
    ];
    expect(await list(told)).toEqual(await list(left));
  });

  test.each(["+010000-01-01T00:00:00Z", "+275760-09-13T00:00:00Z", "-000001-01-01T00:00:00Z"])(
    "are refused at the time %s",
    (time) => {
      expect(() => createSandbox({ fixtures: {}, time: new Date(time) })).toThrow(
        /^time takes a date of the years 1 to 8999; got /,
      );
    },
  );

  test("still get new ids after an id that is too large to increment", async () => {
    const { imcloud } = sandboxWithClient({
      fixtures: { customers: ["9007199254740991", "9007199254740992"].map((id) => ({ ...account, id })) },
    });
    const [one, other] = [await imcloud.customers.create(account), await imcloud.customers.create(account)];
    expect([one.id, other.id]).toEqual(["1002001", "1002002"]);
  });
});

describe("fixtures that fit no response", () => {
  const unshown = {
    "a quantity that is missing": { subscriptions: [{ ...subscription, products: [{ id: "31" }] }] },
    "a period that ends after the year 9999": { subscriptions: [{ ...subscription, creationDate: "9999-12-31" }] },
    "a price that no number can hold": {
      products: [{ ...product, prices: [{ ...price, amount: "9999999999999999999.00" }] }],
      subscriptions: [{ ...subscription, products: [{ id: "31", quantity: 1e9 }] }],
    },
  };

  test.each(Object.entries(unshown))("are refused when they are loaded: %s", (_, changed) => {
    const fixtures = fixturesWith(changed);
    expect(() => createSandbox({ fixtures })).toThrow(/^fixtures cannot be used: subscriptions\[0\] could not be/);
  });

  test.each(Object.entries(unshown))("are refused when they are added, and nothing is: %s", async (_, changed) => {
    const { sandbox, imcloud } = sandboxWithClient({ fixtures: {} });
    expect(() => sandbox.seed(fixturesWith(changed))).toThrow(TypeError);
    expect((await imcloud.customers.list()).pagination.total).toBe(0);
  });
});

describe("members of fixtures that the API does not have", () => {
  test.each<[changed: object, sentence: string]>([
    [{ products: [{ ...product, parameters: "domain" }] }, "products[0].parameters must be an array"],
    [{ products: [{ ...product, parameters: [null] }] }, "products[0].parameters.0 must be an object"],
    [{ products: [{ ...product, parameters: [{ name: 5 }] }] }, "products[0].parameters.0.name must be a text"],
    [
      { products: [{ ...product, parameters: [{ name: "a", type: "toString" }] }] },
      "products[0].parameters.0.type must be one of domain, email",
    ],
    [
      { products: [{ ...product, parameters: [{ name: "a", type: "choice", choices: [5] }] }] },
      "products[0].parameters.0.choices must be",
    ],
    [
      { products: [{ ...product, parameters: [{ name: "a", type: "text", when: "b" }] }] },
      "products[0].parameters.0.when must be",
    ],
    [{ products: [{ ...product, planId: 290001 }] }, "products[0].planId must be a text"],
    [{ customers: [{ ...account, id: "71", creditLimit: 5 }] }, "customers[0].creditLimit must be an object"],
    [{ customers: [{ ...account, id: "71", creditLimit: { amount: "much" } }] }, "customers[0].creditLimit must be"],
  ])("are checked too: %j", (changed, sentence) => {
    expect(() => createSandbox({ fixtures: fixturesWith(changed) })).toThrow(sentence);
  });
});
