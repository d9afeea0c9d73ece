import { createClient, NotFoundError } from "@imcloud/client";
import { readAllowlist, withDecisions } from "@imcloud/openapi-tools/drift/allowlist";
import { factsOf } from "@imcloud/openapi-tools/drift/facts";
import { compareCalls, type RecordedCall } from "@imcloud/openapi-tools/drift/har";
import { tables, tallyOf } from "@imcloud/openapi-tools/drift/print";
import { settings } from "@imcloud/openapi-tools/samples";
import { afterAll, describe, expect, test } from "vitest";
import { paths } from "../../scripts/paths.ts";
import { document, operations } from "../support/document.ts";
import { recordingFetch } from "./recording-fetch.ts";

const setting = (name: keyof typeof settings) => String(process.env[settings[name]]);

const calls: RecordedCall[] = [];
const imcloud = createClient({
  baseUrl: setting("baseUrl"),
  marketplace: setting("marketplace"),
  auth: { username: setting("username"), password: setting("password") },
  subscriptionKey: setting("subscriptionKey"),
  fetch: recordingFetch(setting("baseUrl"), calls),
});

/** Rows to read: enough to see their fields, and few enough for the day's quota. */
const ROWS = { limit: 20 };
/** Details to read of each resource. */
const DETAILS = 3;

afterAll(async () => {
  const differences = withDecisions(
    compareCalls(document, factsOf(document), calls),
    await readAllowlist(paths.knownDifferences),
  );
  console.log(`\nDrift, from ${calls.length} responses:\n\n${tables(differences)}${tallyOf(differences)}\n`);
});

const lists = {
  customers: () => imcloud.customers.list(ROWS),
  resellers: () => imcloud.resellers.list(ROWS),
  orders: () => imcloud.orders.list(ROWS),
  products: () => imcloud.products.list(ROWS),
  plans: () => imcloud.plans.list(ROWS),
  subscriptions: () => imcloud.subscriptions.list(ROWS),
  reports: () => imcloud.reports.list(ROWS),
};

const details: Record<string, (id: string) => PromiseLike<{ id: string }>> = {
  customers: (id) => imcloud.customers.get(id),
  resellers: (id) => imcloud.resellers.get(id),
  orders: (id) => imcloud.orders.get(id),
  plans: (id) => imcloud.plans.get(id),
  subscriptions: (id) => imcloud.subscriptions.get(id),
  reports: (id) => imcloud.reports.get(id),
};

const idsOf = async (kind: keyof typeof lists) =>
  (await lists[kind]()).data.map((row) => String((row as { id?: string }).id));

describe.each(Object.keys(lists) as (keyof typeof lists)[])("%s", (kind) => {
  test("are listed in an envelope", async () => {
    const { data, pagination } = await lists[kind]();
    expect(Array.isArray(data)).toBe(true);
    expect(pagination.total).toBeGreaterThanOrEqual(data.length);
  });

  test.runIf(kind in details)("are read by the ids of the list", async () => {
    for (const id of (await idsOf(kind)).slice(0, DETAILS)) {
      expect(String((await details[kind]?.(id))?.id)).toBe(id);
    }
  });
});

test("customers and orders of a reseller are listed", async () => {
  for (const id of (await idsOf("resellers")).slice(0, 1)) {
    expect(Array.isArray((await imcloud.resellers.listCustomers(id, ROWS)).data)).toBe(true);
    expect(Array.isArray((await imcloud.resellers.listOrders(id, ROWS)).data)).toBe(true);
  }
});

test("an unknown id gives NotFoundError", async () => {
  await expect(imcloud.customers.get("999999999999999999")).rejects.toBeInstanceOf(NotFoundError);
});

test("every GET operation is called", () => {
  const reading = operations.filter(({ method }) => method === "get").map(({ id }) => id);
  expect(reading).toHaveLength(Object.keys(lists).length + Object.keys(details).length + 2);
});
