import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Site, startSite } from "./site.ts";

let site: Site;
beforeAll(async () => {
  site = await startSite();
});
afterAll(() => site?.close());

/** One page of each template, whoever draws it. */
const templates = [
  "index.html",
  "guides/selling.html",
  "operations/customers_create.html",
  "reference.html",
  "search.html",
];

const links = (tab: Page, name: string) =>
  tab.getByRole("navigation", { name, exact: true }).first().getByRole("link").allTextContents();

const groundOf = (tab: Page) =>
  tab.evaluate(() => getComputedStyle(window.document.body).getPropertyValue("background-color"));

test.each(templates)(
  "%s has the site's header, font, theme and search, and leads to every part on a tablet and a phone",
  async (page) => {
    const { tab, consoleErrors, close } = await site.open(page, {
      ...{ colorScheme: "light", reducedMotion: "reduce", viewport: { width: 800, height: 1000 } },
    });
    const parts = await tab.getByRole("navigation", { name: "Site", exact: true }).getByRole("link").all();
    expect(parts.length).toBeGreaterThan(4);
    for (const link of parts) {
      const box = await link.boundingBox();
      expect(box && box.x + box.width <= 800).toBe(true);
    }
    expect(await tab.getByRole("link", { name: "Search", exact: true }).first().isVisible()).toBe(true);
    expect(await links(tab, "Site")).toEqual(["Guides", "API reference", "All on one page", "Downloads", "Changelog"]);
    expect(await tab.locator("body").evaluate((body) => getComputedStyle(body).fontFamily)).toMatch(
      /^"?Inter Variable/,
    );

    const light = await groundOf(tab);
    const theme = tab.getByRole("button", { name: /^Theme/ });
    await theme.click();
    await theme.click();
    expect(await theme.getAttribute("aria-label")).toBe("Theme: dark");
    expect(await groundOf(tab)).not.toBe(light);

    // From the menu of a page that becomes as narrow as a phone, to another part and back, which loads the page again.
    await tab.setViewportSize({ width: 360, height: 780 });
    await tab.getByRole("button", { name: "Menu", exact: true }).click();
    const menu = tab.getByRole("navigation", { name: "Menu", exact: true });
    await menu.getByRole("link", { name: "Guides" }).waitFor();
    for (const link of await menu.getByRole("link").all()) {
      const box = await link.boundingBox();
      expect(box && box.x >= 0 && box.x + box.width <= 360 && box.height >= 24).toBe(true);
    }
    await menu.getByRole("link", { name: "Downloads" }).click();
    await tab.waitForURL(/downloads\.html$/);
    await tab.goBack();
    expect(await tab.locator("html").getAttribute("data-theme")).toBe("dark");

    await tab.setViewportSize({ width: 1280, height: 800 });
    await tab.keyboard.press("Control+k");
    const dialogs = tab.locator("dialog[open]");
    await dialogs.getByRole("searchbox").waitFor();
    expect(await dialogs.count()).toBe(1);
    await tab.keyboard.insertText("how do I reduce licences");
    await dialogs.getByRole("link").first().waitFor();
    await tab.keyboard.press("ArrowDown");
    expect(
      await dialogs
        .getByRole("link")
        .first()
        .evaluate((link) => link === window.document.activeElement),
    ).toBe(true);
    await tab.keyboard.press("Enter");
    await tab.waitForURL(/guides\/seats\.html/);
    expect(consoleErrors).toEqual([]);
    await close();
  },
);
