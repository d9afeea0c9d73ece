import { validateRequest, validateResponse } from "@imcloud/spec/validators";
import { describe, expect, test } from "vitest";

const headers = { "content-type": "application/json" };
const month = { type: "month", duration: 1 };
const year = { type: "year", duration: 1 };

const address = { streetAddress: "Kanalgatan 12", postalCode: "41105", city: "Gothenburg", countryCode: "SE" };
const contact = {
  ...{ firstName: "Signe", lastName: "Exempelsson", email: "signe@brightwater.example" },
  phoneNumber: "46##315550100#",
};

/** Bodies from the vendor's pages and from real clients. Before 2.0.0 the document refused each, or could not describe it. */
const requests: [fact: string, what: string, operation: Parameters<typeof validateRequest>[0], body: unknown][] = [
  [
    "ORD-18",
    "the period on the order, the billing period in the product",
    "orders_create",
    {
      ...{ type: "sales", customerId: "1002101", subscriptionPeriod: year },
      products: [{ mpn: "CFQ7TTC0LH16:0001", quantity: 1, billingPeriod: month }],
    },
  ],
  [
    "ORD-17",
    "a quantity as decimal text",
    "orders_create",
    { type: "sales", customerId: "1002101", products: [{ id: "500201", quantity: "2.0" }] },
  ],
  [
    "ORD-16",
    "an order without a type",
    "orders_create",
    { customerId: "1002101", products: [{ id: "500201", quantity: 1 }] },
  ],
  [
    "FLD-01",
    "null for everything that is not set, at any depth",
    "orders_create",
    {
      ...{ type: "sales", customerId: "1002101", poNumber: null, attributes: null, subscriptionPeriod: null },
      products: [
        {
          id: null,
          mpn: "NWB-1001-M",
          quantity: 1,
          specialPrice: { currency: "EUR", amount: "1.00", priceTiers: null },
        },
      ],
    },
  ],
  [
    "PROD-05",
    "ids that are not digits",
    "orders_create",
    { customerId: "1002101", products: [{ id: "PRD326576", newProductId: "sku-CSA-0II8MXB", quantity: 1 }] },
  ],
  [
    "ORD-41",
    "self for seller and buyer",
    "orders_create",
    {
      customerId: "1002101",
      products: [{ id: "500201", quantity: 1, deals: { agreements: [{ sellerId: "self", buyerId: "1002101" }] } }],
    },
  ],
  [
    "PAR-04",
    "an attestation as a structured value",
    "validation_parameters",
    {
      customerId: "1002101",
      products: [
        {
          ...{ id: "500201", quantity: "2", draftRequestId: "7c1d2a90-3b5e-4f61-8a27-9e0c4d6b1f35" },
          parameters: [
            { name: "partner_on_record_attestation_accepted", structured_value: { attestation_accepted: true } },
            { name: "agreement_date", value: "09-14-2026" },
          ],
        },
      ],
    },
  ],
  [
    "CUST-04",
    "a contact without a type, with null for the rest",
    "customers_create",
    {
      name: "Brightwater",
      address: { ...address, state: null },
      contactPersons: [contact],
      language: "DE",
      externalId: null,
    },
  ],
];

describe("requests of real callers", () => {
  test.each(requests)("%s: %s", (_fact, _what, operation, body) => {
    expect(validateRequest(operation, { headers, body })).toEqual([]);
  });
});

describe("requests that the vendor does not support", () => {
  test.each<[fact: string, operation: Parameters<typeof validateRequest>[0], body: unknown, place: string]>([
    ["CUST-08", "customers_update", { status: "adminHold" }, "/status"],
    [
      "PAR-11",
      "validation_parameters",
      { customerId: "1", products: [{ parameters: [], draftRequestId: "PR-0001-0001" }] },
      "/products/0/draftRequestId",
    ],
    [
      "CUST-05",
      "customers_create",
      { name: "A", address, language: "sv", contactPersons: [{ ...contact, login: "abc" }] },
      "/contactPersons/0/login",
    ],
    ["ORD-16", "orders_create", { type: "sales" }, ""],
  ])("%s: refused in %s", (_fact, operation, body, place) => {
    const faults = validateRequest(operation, { headers, path: { id: "1002101" }, body });
    expect(faults.map(({ pointer }) => pointer)).toContain(place);
  });
});

const pagination = { offset: 0, limit: 10, total: 1 };
const responses: [fact: string, what: string, operation: Parameters<typeof validateResponse>[0], body: unknown][] = [
  [
    "LIST-01",
    "a thin row of customers",
    "customers_list",
    { data: [{ id: "1", externalId: "a", name: "A", status: "active" }], pagination },
  ],
  [
    "LIST-02",
    "a thin row of resellers",
    "resellers_list",
    { data: [{ id: "1", name: "A", status: "active" }], pagination },
  ],
  [
    "LIST-13",
    "a row of subscriptions without an expiration",
    "subscriptions_list",
    {
      data: [{ id: "1", customerId: "2", status: "pending", renewalStatus: true, creationDate: "2019-10-25" }],
      pagination,
    },
  ],
  [
    "REP-16",
    "a row of reports with a name and a link alone",
    "reports_list",
    {
      data: [
        { name: "A", format: "XLSX", creationDate: "2019-11-12T09:51:14Z", downloadUrl: "https://files.example/a" },
      ],
      pagination,
    },
  ],
  [
    "ORD-38",
    "an estimate of a total and products alone",
    "orders_estimate",
    { total: { currency: "EUR", amount: "1.00" }, products: [{ mpn: "A", quantity: 1 }] },
  ],
  [
    "FLD-06",
    "a scheduled order that says so",
    "orders_get",
    { id: "1", type: "change", customerId: "2", status: "processing", statusCode: "AS", scheduledOn: "renewal" },
  ],
  [
    "ORD-03",
    "an unknown code",
    "orders_get",
    { id: "1", type: "sales", customerId: "2", status: "submitted", statusCode: "ZZ" },
  ],
  ["FLD-10", "a subscription without products", "subscriptions_get", { id: "1", customerId: "2", status: "active" }],
  [
    "SUB-01",
    "a quantity as text",
    "subscriptions_get",
    { id: "1", customerId: "2", status: "active", products: [{ id: "PRD326576", quantity: "2.0" }] },
  ],
];

describe("responses of the platform", () => {
  test.each(responses)("%s: %s", (_fact, _what, operation, body) => {
    const parts = { headers: { ...headers, "x-correlation-id": "a8n-1" }, body };
    expect(validateResponse(operation, 200, parts)).toEqual([]);
  });
});
