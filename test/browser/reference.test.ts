import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { NamedOperation } from "@imcloud/openapi-tools/document";
import { samplesOf } from "@imcloud/openapi-tools/samples";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { paths } from "../../scripts/paths.ts";
import { document, operations } from "../support/document.ts";
import { isNightly } from "../support/nightly.ts";
import { type Site, startSite } from "./site.ts";

const folder = pathToFileURL(join(paths.docs, "reference.html")).href;

let site: Site;
beforeAll(async () => {
  site = await startSite();
});
afterAll(() => site?.close());

const heading = (tab: Page, text: string) => tab.locator("h1, h2, h3").filter({ hasText: text }).first();

const anchorOf = ({ resource, id }: NamedOperation) => `#/${resource}/${id.toLowerCase()}`;

test.each(["light", "dark"] as const)(
  "reference.html opens from a folder in %s and requests nothing of other hosts",
  async (scheme) => {
    const { tab, requests, consoleErrors, close } = await site.open(folder, { colorScheme: scheme });
    await heading(tab, "Customers").waitFor();
    // Redocly's logo shows that its script has drawn the page.
    await tab.getByAltText("redocly logo").waitFor();
    expect(requests.filter((url) => !/^(file|data|blob):/.test(url))).toEqual([]);
    expect(consoleErrors).toEqual([]);
    // The button Print covers nothing below the menu.
    for (const width of [1440, 768]) {
      await tab.setViewportSize({ width, height: 900 });
      const [print, logo] = await Promise.all([
        tab.getByRole("button", { name: "Print", exact: true }).boundingBox(),
        tab.getByAltText("redocly logo").boundingBox(),
      ]);
      expect(print?.x).toBeGreaterThan(Number(logo?.x) + Number(logo?.width));
    }
    await close();
  },
);

/** Every night all operations are gone to; else one of each resource, as addresses are made of resource and id alike. */
const goneTo = operations.filter(
  ({ resource, id }) => isNightly || operations.find((other) => other.resource === resource)?.id === id,
);

test("reference.html has an anchor for each operation's id, and its links lead to pages", async () => {
  const { tab, close } = await site.open("reference.html");
  for (const operation of goneTo) {
    await tab.goto(`${site.url}reference.html${anchorOf(operation)}`);
    await heading(tab, operation.operation.summary).waitFor();
    const page = tab.locator("a", { hasText: "On a page of its own, with a console" });
    const addresses = await page.evaluateAll((links) => links.map((link) => (link as HTMLAnchorElement).href));
    expect(addresses).toContain(`${site.url}operations/${operation.id}.html`);
  }
  for (const address of await tab.locator("main a[href*='.html']").evaluateAll((links) => links.map(String))) {
    const file = new URL(address).pathname.slice(1);
    expect(() => readFileSync(join(paths.docs, file)), address).not.toThrow();
  }
  await close();
});

test("reference.html has a sample in each language, and copies it", async () => {
  const { tab, close } = await site.open("reference.html#/customers/customers_get", {
    permissions: ["clipboard-read", "clipboard-write"],
  });
  await heading(tab, "Get a customer").waitFor();
  const panel = tab.locator(".panel-request-samples").filter({ hasText: "/customers/{id}" }).first();
  for (const { lang, source } of samplesOf(document).get("customers_get")?.[0]?.samples ?? []) {
    await panel.getByRole("button", { name: /^(curl|TypeScript|PowerShell|Python)$/ }).click();
    await tab.getByRole("menuitem", { name: lang, exact: true }).click();
    await panel.hover();
    await panel.getByRole("button", { name: /copy/i }).click();
    await expect.poll(() => tab.evaluate(() => navigator.clipboard.readText())).toBe(source);
  }
  await close();
});

test("reference.html shows the code of the example and language that are chosen", async () => {
  const { tab, close } = await site.open("reference.html#/orders/orders_create");
  await heading(tab, "Place an order").waitFor();
  const panel = tab
    .locator(".panel-request-samples")
    .filter({ hasText: /POST\s*\/orders/i })
    .first();
  // Redocly's own menu of examples is gone, as it would not change our code.
  expect(await panel.getByRole("button", { name: /Sell 25 seats|Cancel a subscription/ }).count()).toBe(0);
  const examples = samplesOf(document).get("orders_create") ?? [];
  for (const [index, { summary, samples }] of examples.entries()) {
    // Every night each in all languages; else each in the next one.
    for (const { lang, source } of samples.filter((_, place) => isNightly || place === index % samples.length)) {
      // The operations above are drawn late and push the panel down, so that its menu would open below the screen.
      await panel.evaluate((shown) => shown.scrollIntoView());
      await panel.getByRole("button", { name: /^(curl|TypeScript|PowerShell|Python)(:|$)/ }).click();
      await tab.getByRole("menuitem", { name: index ? `${lang}: ${summary}` : lang, exact: true }).click();
      const shown = async () => String(await panel.locator("pre, code").first().textContent()).replace(/\s+/g, " ");
      await expect.poll(shown).toContain(source.replace(/\s+/g, " "));
    }
  }
  await close();
});

test("reference.html lists the known values of open enums", async () => {
  const { tab, close } = await site.open("reference.html#/subscriptions/subscriptions_get");
  await heading(tab, "Get a subscription").waitFor();
  await expect
    .poll(() => tab.evaluate(() => window.document.body.textContent))
    .toMatch(/Known values: pending, active, .*Others can come\./);
  await close();
});

test("reference.html prints all operations by its own button, and says so on paper where only one section is there", async () => {
  const { tab, consoleErrors, close } = await site.open("reference.html#/orders/orders_get", { colorScheme: "dark" });
  await heading(tab, "Get an order").waitFor();
  await tab.emulateMedia({ media: "print" });
  const note = tab.getByText("Only the section that was open is here.");
  expect(await note.isVisible()).toBe(true);
  await tab.emulateMedia({ media: "screen" });
  await tab.keyboard.press("Control+p");
  await tab.locator("html[data-print=whole]").waitFor({ timeout: 150_000 });
  await tab.emulateMedia({ media: "print" });
  expect(await note.isVisible()).toBe(false);
  expect(await tab.locator(".paper").isVisible()).toBe(true);
  const paper = String(await tab.locator(".paper").textContent()).replaceAll("\u200b", "");
  for (const { path, operation } of operations) {
    expect(paper).toContain(operation.summary);
    expect(paper).toContain(path);
  }
  // The last operation, which is drawn only when it comes near the screen, with a field and a response's example.
  const last = paper.slice(paper.lastIndexOf("Validate activation parameters"));
  expect(last).toMatch(/pagination\.\s*total/);
  expect(last).toContain('"pagination"');
  expect(paper).not.toContain("+ Show");
  await tab.emulateMedia({ media: "screen" });
  expect(await tab.locator(".paper").isVisible()).toBe(false);
  expect(new URL(tab.url()).hash).toBe("#/orders/orders_get");
  expect(consoleErrors).toEqual([]);
  await close();
}, 180_000);
