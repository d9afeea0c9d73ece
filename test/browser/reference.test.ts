import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { NamedOperation } from "@imcloud/openapi-tools/document";
import { samplesOf } from "@imcloud/openapi-tools/samples";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { paths } from "../../scripts/paths.ts";
import { document, operations } from "../support/document.ts";
import { isNightly } from "../support/nightly.ts";
import { type OpenedPage, type Site, startSite } from "./site.ts";

const folder = pathToFileURL(join(paths.docs, "reference.html")).href;

let site: Site;
beforeAll(async () => {
  site = await startSite();
});
afterAll(() => site?.close());

const heading = (tab: Page, text: string) => tab.locator("h1, h2, h3").filter({ hasText: text }).first();

const anchorOf = ({ resource, id }: NamedOperation) => `#/${resource}/${id.toLowerCase()}`;

// In the light too every night: test/browser/header.test.ts loads it in the light, and in the dark that a reader chose.
test.each((["light", "dark"] as const).filter((scheme) => isNightly || scheme === "dark"))(
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

/** Every night all operations are gone to; else the first and the last, as all addresses are made of resource and id alike. */
const goneTo = operations.filter((_, place, { length }) => isNightly || place % (length - 1) === 0);

describe("reference.html", () => {
  /** One load for all of them, as drawing the page takes longer than each: they go from one operation to another. */
  let page: OpenedPage;
  beforeAll(async () => {
    page = await site.open("reference.html#/orders/orders_get", {
      colorScheme: "dark",
    });
    await heading(page.tab, "Get an order").waitFor();
  });
  afterAll(() => page?.close());

  async function goTo(id: string): Promise<void> {
    const operation = operations.find((each) => each.id === id) as NamedOperation;
    await page.tab.emulateMedia({ media: "screen" });
    await page.tab.goto(`${site.url}reference.html${anchorOf(operation)}`);
    await heading(page.tab, operation.operation.summary).waitFor();
  }

  test("has an anchor for each operation's id, and a link to its page", async () => {
    const { tab } = page;
    for (const operation of goneTo) {
      await goTo(operation.id);
      const own = tab.locator("a", { hasText: "On a page of its own, with a console" });
      const addresses = await own.evaluateAll((links) => links.map((link) => (link as HTMLAnchorElement).href));
      expect(addresses).toContain(`${site.url}operations/${operation.id}.html`);
    }
  });

  test("has a sample in each language, and copies it", async () => {
    // By a load of its own, which scrolls to the operation once those above it are drawn: a menu opens where the panel was.
    const { tab, close } = await site.open("reference.html#/customers/customers_get", {
      permissions: ["clipboard-read", "clipboard-write"],
    });
    await heading(tab, "Get a customer").waitFor();
    const panel = tab.locator(".panel-request-samples").filter({ hasText: "/customers/{id}" }).first();
    for (const { lang, source } of samplesOf(document).get("customers_get")?.[0]?.samples ?? []) {
      // As below: the operations above are drawn late, and push the panel down.
      await panel.evaluate((shown) => shown.scrollIntoView());
      await panel.getByRole("button", { name: /^(curl|TypeScript|PowerShell|Python)(:|$)/ }).click();
      await tab.getByRole("menuitem", { name: lang, exact: true }).click();
      await panel.hover();
      await panel.getByRole("button", { name: /copy/i }).click();
      await expect.poll(() => tab.evaluate(() => navigator.clipboard.readText())).toBe(source);
    }
    await close();
  });

  test("shows the code of the example and language that are chosen", async () => {
    const { tab } = page;
    await goTo("orders_create");
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
  });

  test("lists the known values of open enums", async () => {
    const { tab } = page;
    await goTo("subscriptions_get");
    await expect
      .poll(() => tab.evaluate(() => window.document.body.textContent))
      .toMatch(/Known values: pending, active, .*Others can come\./);
  });

  test("prints all operations by its own button, with links that lead to pages, and says so on paper where only one section is there", async () => {
    const { tab, consoleErrors } = page;
    await goTo("orders_get");
    await tab.emulateMedia({ media: "print" });
    const note = tab.getByText("Only the section that was open is here.");
    expect(await note.isVisible()).toBe(true);
    await tab.emulateMedia({ media: "screen" });
    await tab.keyboard.press("Control+p");
    // By an interval: a locator asks all of the page's elements in each frame.
    const isWhole = () => window.document.documentElement.dataset.print === "whole";
    await tab.waitForFunction(isWhole, undefined, { polling: 100, timeout: 150_000 });
    await tab.emulateMedia({ media: "print" });
    expect(await note.isVisible()).toBe(false);
    expect(await tab.locator(".paper").isVisible()).toBe(true);
    const paper = String(await tab.locator(".paper").textContent()).replaceAll("\u200b", "");
    for (const { path, operation } of operations) {
      expect(paper).toContain(operation.summary);
      expect(paper).toContain(path);
    }
    const links = await tab.locator(".paper a[href*='.html']").evaluateAll((all) => all.map(String));
    expect(links).toEqual(expect.arrayContaining(operations.map(({ id }) => `${site.url}operations/${id}.html`)));
    for (const link of new Set(links)) {
      expect(existsSync(join(paths.docs, new URL(link).pathname)), link).toBe(true);
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
  }, 180_000);
});
