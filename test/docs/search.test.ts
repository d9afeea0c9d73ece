import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createSearch, type Entry } from "@imcloud/docs/search";
import { describe, expect, test } from "vitest";
import { paths } from "../../scripts/paths.ts";
import { operations } from "../support/document.ts";

const index = readFileSync(join(paths.docs, "search-index.js"), "utf8");
const entries: Entry[] = JSON.parse(index.slice(index.indexOf("["), index.lastIndexOf("]") + 1));
const search = createSearch(entries);

const addresses = (query: string, count: number) =>
  search(query)
    .slice(0, count)
    .map(({ url }) => url);

describe("search, first result", () => {
  test.each([
    ["token expired", /^(errors\/(401|token-expired)|guides\/signing-in)/],
    ["my token ended after 25 minutes", /^(errors\/(401|token-expired)|guides\/signing-in|operations\/token_create)/],
    ["tokn expired", /^(errors\/(401|token-expired)|guides\/signing-in)/],
    ["log in", /^(operations\/token_create|guides\/signing-in)/],
    ["refund", /^guides\/renewals/],
    ["money back", /^guides\/renewals/],
    ["how do I cancel a subscription", /^guides\/renewals/],
    ["how do I reduce licences", /^guides\/seats/],
    ["fewer licenses", /^guides\/seats/],
    ["add seats", /^guides\/seats/],
    ["429", /^(errors\/(429|rate-limited)|guides\/limits)/],
    ["too many requests", /^(errors\/(429|rate-limited)|guides\/limits)/],
    ["webhooks", /^guides\/selling/],
    ["pagination", /^guides\/paging/],
    ["microsoft 365 tenant id", /^guides\/microsoft/],
    ["idempotency", /^guides\/(selling|errors)|^errors\//],
    ["safe to retry", /^guides\/errors|^errors\//],
    ["place an order", /^operations\/orders_create/],
    ["/orders/estimate", /^operations\/orders_estimate/],
    ["custmer", /customer/],
    ["subscripton", /subscription|renewals/],
    [
      "Order CH900777 for subscription 700499 is being provisioned; wait for it to complete",
      /^errors\/another-order-blocks\.html$/,
    ],
    ["Rate limit is exceeded. Try again in 3 seconds.", /^errors\/(429|rate-limited)/],
    ["Customer 4711 was not found", /^errors\/(404|no-such-thing)/],
    ["the token has expired", /^errors\/token-expired/],
    ["Access denied. Send a valid key in X-Subscription-Key.", /^errors\/subscription-key-missing/],
    ["Bestellung stornieren", /^guides\/renewals|orders_update/],
    ["Lizenzen reduzieren", /^guides\/seats/],
    ["abonemang", /subscription|renewals/],
    ["faktura", /^guides\/invoices/],
    ["kunde anlegen", /^operations\/customers_create|^guides\/customers/],
    ["license", /^guides\/seats/],
    ["licence", /^guides\/seats/],
    ["licens", /^guides\/seats/],
    ["orders stuck in processing", /^guides\/(troubleshooting|selling)/],
    ["WP", /^guides\/selling/],
    ["AS", /^guides\/(scheduled|selling)/],
    ["processing AS", /^guides\/(scheduled|selling)/],
    ["HOW DO I CANCEL A SUBSCRIPTION", /^guides\/renewals/],
    ["how do I get an api key", /^guides\/access/],
    ["api key", /^guides\/access/],
    ["credentials", /^guides\/access/],
    ["subscription key", /^(errors\/subscription-key-missing|guides\/access)/],
    ["on hold", /^guides\/customers/],
    ["withOptions", /^client/],
    ["changeSeats", /^guides\/seats/],
    ["base url", /^guides\/(access|glossary)/],
    ["environment variables", /^guides\/access/],
    ["claude", /^guides\/assistants/],
    ["github actions", /^guides\/testing/],
    ["php", /^guides\/moving/],
    ["c#", /^guides\/moving/],
    ["UnknownOutcomeError", /^guides\/errors/],
    ["ECONNREFUSED", /^guides\/(troubleshooting|proxies)/],
    ["how do I find a customer by external id", /^guides\/customers|customers_list/],
    ["how do I change the price", /^guides\/(subscriptions|catalog)/],
    ["delete customer", /^guides\/customers/],
    ["list orders of a customer", /^operations\/orders_list/],
    ["how do I get all orders of a customer", /^(operations\/orders_list|objects\/(order|customer)|guides\/selling)/],
    ["orders", /^(operations(\.html#orders|\/orders_)|objects\/order|guides\/selling)/],
    ["cli", /^(guides\/command-line|commands)/],
    ["customers on hold", /^guides\/customers/],
    ["sign in fails", /^errors\/401/],
    ["licence count", /^guides\/seats/],
    ["number of seats", /^guides\/seats/],
    ["remove seats", /^guides\/seats/],
    ["how many calls", /^(errors\/(429|rate-limited)|guides\/limits)/],
    ["stop renewal", /^guides\/renewals/],
    ["terminate subscription", /^guides\/renewals/],
    ["duplicate order", /^guides\/selling/],
    ["vat number", /taxRegId$/],
    ["invoce", /^guides\/invoices/],
    ["docker", /^guides\/frontends/],
    ["trial", /trial$/],
    ["powershell", /^(guides\/(install|command-line)|operations|index)/],
  ])("%s", (query, address) => {
    expect(addresses(query, 1)[0]).toMatch(address);
  });

  test.each(
    operations.map(({ id, method, path, operation }) => [id, `${method.toUpperCase()} ${path}`, operation.summary]),
  )("%s is found by its id, by its name and by its call", (id, call, summary) => {
    expect(addresses(id, 1)).toEqual([`operations/${id}.html`]);
    expect(addresses(call, 1)).toEqual([`operations/${id}.html`]);
    expect(addresses(summary, 2)).toContain(`operations/${id}.html`);
  });
});

describe("search", () => {
  test("finds a field by its name, before pages that only mention it", () => {
    for (const name of ["poNumber", "vendorSubscriptionId", "downloadUrl", "autorenewal", "billingPeriod"]) {
      expect(search(name)[0]).toMatchObject({ kind: "field", title: name });
    }
  });

  test("puts errors before everything else for a number", () => {
    for (const status of ["400", "401", "403", "404", "429", "500", "502", "504"]) {
      const [first] = search(status);
      expect(`${first?.kind} ${first?.url}`).toMatch(/^error |guides\/(?:errors|limits)/);
    }
  });

  test("ranks entries with every word of a question before those with one", () => {
    const [first] = search("rate limit in a nightly sync");
    expect(first?.url).toMatch(/^guides\/(?:nightly-sync|limits)/);
  });

  test("shows at most three results of one page, but each matching field", () => {
    for (const query of ["token expired", "cancel", "orders", "seats"]) {
      const shown = search(query).filter(({ kind }) => kind !== "field");
      const count = new Map<string, number>();
      for (const { url } of shown) count.set(url.replace(/#.*/, ""), (count.get(url.replace(/#.*/, "")) ?? 0) + 1);
      expect(Math.max(...count.values())).toBeLessThanOrEqual(3);
    }
  });

  test("leaves out entries that only share a stem or are faintly similar", () => {
    const found = search("refund");
    expect(found.length).toBeLessThan(60);
    expect(found.map(({ url }) => url)).not.toContain("guides/command-line.html");
  });

  test("shows no texts of buttons and menus in excerpts", () => {
    for (const { text } of entries) expect(text).not.toMatch(/Make it happen|TypeScriptPython|curl ?TypeScript ?Py/);
  });

  test("finds nothing for an unknown word", () => {
    expect(search("xyzzyplugh")).toEqual([]);
    expect(search("???")).toEqual([]);
  });

  test("has no broken links", () => {
    for (const { url } of entries) {
      const [file = "", anchor] = url.split("#");
      const page = readFileSync(join(paths.docs, file), "utf8");
      if (anchor) expect(page).toContain(`id="${anchor}"`);
    }
  });
});
