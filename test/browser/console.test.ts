import type { Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { operations } from "../support/document.ts";
import { type Site, startSite, thirdPartyRequests } from "./site.ts";

let site: Site;
beforeAll(async () => {
  site = await startSite();
});
beforeEach(() => site.mock.reset());
afterAll(() => site?.close());

/** Opens the form of the operation that an address names, and sends it as it is filled in. */
async function send(tab: Page, call = "get /customers"): Promise<void> {
  await tab.locator("button", { hasText: `Test Request(${call})` }).click();
  await tab
    .getByRole("button", { name: /^Send\b/ })
    .first()
    .click();
}

test.each(["light", "dark"] as const)(
  "console.html signs in and lists customers by clicks, in %s",
  async (colorScheme) => {
    const visit = await site.open("console.html#tag/customers/customers_list", { colorScheme });
    await visit.tab.getByText(`Signed in to the mock at ${site.mock.url}`).waitFor();
    await send(visit.tab);
    await visit.tab.getByText("200 OK").waitFor();
    await visit.tab.getByText('"Brightwater Dental Group"').last().waitFor();
    const calls = site.mock.requests();
    expect(calls.map(({ operation, status, problems }) => ({ operation, status, problems }))).toEqual([
      { operation: "token_create", status: 200, problems: [] },
      { operation: "customers_list", status: 200, problems: [] },
    ]);
    expect(thirdPartyRequests(site, visit).filter((url) => !url.startsWith(site.mock.url))).toEqual([]);
    expect(visit.consoleErrors).toEqual([]);
    await visit.close();
  },
);

test("console.html fills in the ids of paths", async () => {
  const { tab, close } = await site.open("console.html#tag/orders/orders_get");
  await send(tab, "get /orders/{id}");
  await tab.getByText("200 OK").waitFor();
  expect(site.mock.requests().at(-1)).toMatchObject({ operation: "orders_get", status: 200 });
  await close();
});

test("console.html renews an expired token", async () => {
  const { tab, close } = await site.open("console.html#tag/customers/customers_list");
  await tab.getByText("Signed in to the mock").waitFor();
  await tab.clock.install();
  await tab.clock.setFixedTime(Date.now() + 1_600_000);
  await site.mock.advance(1_600_000);
  await send(tab);
  await expect.poll(() => site.mock.requests().at(-1)).toMatchObject({ operation: "customers_list", status: 200 });
  await close();
});

test("console.html shows every operation", async () => {
  const { tab, close } = await site.open("console.html");
  await tab.getByText("Signed in to the mock").waitFor();
  for (const { id, resource, operation } of operations) {
    await tab.goto(`${site.url}console.html#tag/${resource}/${id}`);
    await tab.getByRole("heading", { name: operation.summary, exact: true }).first().waitFor();
  }
  await close();
});

test("console.html says how to start a mock where none runs", async () => {
  const { tab, close } = await site.open("index.html");
  await tab.route("**/console/mock.js", (route) =>
    route.fulfill({
      contentType: "text/javascript",
      body: 'window.imcloud = { mock: { url: "http://127.0.0.1:9/marketplace", credentials: {} } };',
    }),
  );
  await tab.goto(`${site.url}console.html`);
  await tab.getByText("No mock responds at http://127.0.0.1:9/marketplace. Start it with npm start").waitFor();
  await close();
});
