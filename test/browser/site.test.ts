import { readdirSync, readFileSync } from "node:fs";
import { join, posix, relative, sep } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { samplesOf } from "@imcloud/openapi-tools/samples";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readGuides } from "../../packages/docs/generate/guides.ts";
import { paths } from "../../scripts/paths.ts";
import { document, operations } from "../support/document.ts";
import { isNightly } from "../support/nightly.ts";
import { chooseExample, drawnByScript, pages, type Site, source, startSite } from "./site.ts";

const texts = pages.filter((page) => !drawnByScript.includes(page));

let site: Site;
beforeAll(async () => {
  site = await startSite();
});
afterAll(() => site?.close());

describe("packages/docs/dist", () => {
  test("has in the Markdown of operations what their pages have: headers of responses, guides, and what each part is for", () => {
    for (const { id } of operations) {
      const [page, text] = [source(`operations/${id}.html`), source(`operations/${id}.md`)];
      expect(text.includes("X-Correlation-ID"), id).toBe(page.includes("X-Correlation-ID"));
      const [, elsewhere = ""] = /<p class="elsewhere">(.*?)<\/p>/s.exec(page) ?? [];
      for (const [, guide] of elsewhere.matchAll(/guides\/([\w-]+)\.html/g)) {
        expect(text, id).toContain(`](../guides/${guide}.md)`);
      }
    }
    for (const { description } of document.tags ?? []) expect(source("operations.md")).toContain(description);
  });

  test("names an address of its own in every page, which search engines take for the only one", () => {
    for (const page of pages) expect(source(page), page).toMatch(/<link rel="canonical" href="https:\/\/[^"]+">/);
  });

  test("has a home page and a page for each guide and operation", async () => {
    const guides = (await readGuides(paths.guides)).map(({ page }) => `${page}.html`);
    const ofOperations = operations.map(({ id }) => `operations/${id}.html`);
    const ofObjects = ["customer", "order", "report", "subscription"].map((name) => `objects/${name}.html`);
    const ofErrors = readdirSync(join(paths.docsPackage, "errors")).map(
      (file) => `errors/${file.replace(".md", ".html")}`,
    );
    const ofCommands = [
      ...new Set(operations.filter(({ resource }) => resource !== "token").map(({ resource }) => resource)),
      "tools",
    ].map((name) => `commands/${name}.html`);
    const others = [
      ...readdirSync(paths.decisions)
        .filter((file) => /^\d{4}-/.test(file))
        .map((file) => `decisions/${file.replace(/\.md$/, "")}`),
      "404",
      "changelog",
      "client",
      "commands",
      "downloads",
      "errors",
      "evidence",
      "index",
      "operations",
      "reference",
      "search",
      "workflows",
    ];
    expect(pages).toEqual(
      [
        ...guides,
        ...ofOperations,
        ...ofObjects,
        ...ofErrors,
        ...ofCommands,
        ...others.map((page) => `${page}.html`),
      ].sort(),
    );
  });

  const files = new Set(
    readdirSync(paths.docs, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => relative(paths.docs, join(parentPath, name)).replaceAll(sep, "/")),
  );
  const sections = new Set(operations.map(({ id, resource }) => `/${resource}/${id.toLowerCase()}`));
  const idsOfPages = new Map<string, Set<string>>();

  /** The ids of a page: each page is read once, however many links lead there. */
  function idsOf(page: string): Set<string> {
    const known = idsOfPages.get(page);
    if (known) return known;
    const ids = new Set([...source(page).matchAll(/\sid="([^"]*)"/g)].map(([, id = ""]) => id));
    idsOfPages.set(page, ids);
    return ids;
  }

  function leadsSomewhere(page: string, address: string): boolean {
    if (/^(https?|data|mailto):/.test(address)) return true;
    const [path = "", anchor = ""] = address.split("#");
    const file = path.split("?")[0]
      ? posix.join(page === "404.html" ? "." : posix.dirname(page), path).replace(/^\//, "")
      : page;
    const target = file === "" ? "index.html" : file;
    if (!files.has(target)) return false;
    if (!anchor) return true;
    return target === "reference.html" ? sections.has(anchor) : idsOf(target).has(decodeURIComponent(anchor));
  }

  test.each(texts)("has no broken link on %s", (page) => {
    const links = source(page).matchAll(/\s(?:href|src|action|data-sandbox|data-mock|data-markdown)="([^"]*)"/g);
    const broken = [...links].flatMap(([, address = ""]) => (leadsSomewhere(page, address) ? [] : [address]));
    expect(broken).toEqual([]);
  });

  test.each(texts.filter((page) => source(page).includes('class="sidebar')))("%s begins with its content", (page) => {
    const places = ["<main", "sl-sidebar-pane", "right-sidebar-container"].map((part) => source(page).indexOf(part));
    expect(places[0]).toBeLessThan(Number(places[1]));
    if (places[2] !== -1) expect(places[0]).toBeLessThan(Number(places[2]));
  });

  test("lists what is on a page only where there are headings", () => {
    expect(source("guides/selling.html")).toContain("On this page");
    expect(source("decisions/0008-certainty.html")).not.toContain("On this page");
  });

  test("keeps links to commands from when all were on one page", () => {
    for (const anchor of ["orders", "orders-list", "subscriptions-seats", "login", "outbox-resume"]) {
      expect(source("commands.html")).toContain(`id="${anchor}"`);
    }
  });

  test("leads home from 404.html at any depth", async () => {
    const response = await fetch(`${site.url}not/a/page`);
    expect(response.status).toBe(404);
    const { tab, close } = await site.open("not/a/page");
    await tab.getByRole("link", { name: "home page" }).click();
    await tab.getByRole("heading", { name: "Start in five minutes" }).waitFor();
    await close();
  });
});

describe("search", () => {
  const found = (tab: Page) => tab.locator("dialog[open] li a");

  /** What is looked for, with the first result's title and address. */
  const searches: [words: string, title: string, address: RegExp][] = [
    ["/orders/estimate", "Estimate an order", /operations\/orders_estimate\.html$/],
    ["poNumber", "poNumber", /operations\/orders_create\.html#request-poNumber$/],
    ["safe to repeat", "What is safe to repeat", /guides\/errors\.html#what-is-safe-to-repeat$/],
    ["orders_create", "Place an order", /operations\/orders_create\.html$/],
  ];

  test("finds an operation by its path and by its id, a field of a schema, and a heading of a guide", async () => {
    const { tab, consoleErrors, close } = await site.open("guides/paging.html");
    await tab.keyboard.press("Control+k");
    const box = tab.locator("dialog[open]").getByRole("searchbox");
    await box.waitFor();
    for (const [words, title, address] of searches) {
      // The last letter by its key, as each one searches the whole site.
      await box.fill("");
      await tab.keyboard.insertText(words.slice(0, -1));
      await tab.keyboard.type(words.slice(-1));
      const first = found(tab).first();
      await expect.poll(() => first.locator(".search-title").textContent()).toBe(title);
      await expect.poll(() => first.evaluate((link) => (link as HTMLAnchorElement).href)).toMatch(address);
    }
    await found(tab).first().click();
    await tab.waitForURL(searches.at(-1)?.[2] as RegExp);
    expect(consoleErrors).toEqual([]);
    await close();
  });

  test("says so when nothing is found", async () => {
    const { tab, close } = await site.open("index.html");
    await tab.keyboard.press("Control+k");
    await tab.keyboard.insertText("xyzzyplugh");
    await tab.getByText("Nothing found for").waitFor();
    await close();
  });

  test("says how many of the results are listed", async () => {
    const { tab, close } = await site.open("search.html?q=price");
    const state = tab.locator("main .search-state");
    await state.getByText(/\d+ results$/).waitFor();
    const [, listed, all] = /^The best (\d+) of (\d+) results$/.exec((await state.textContent()) ?? "") ?? [];
    expect(await tab.locator("main .search-results li").count()).toBe(Number(listed));
    expect(Number(all)).toBeGreaterThan(Number(listed));
    await close();
  });

  test("works when its script loads late", async () => {
    const { tab, close } = await site.open("guides/errors.html", { javaScriptEnabled: false });
    await tab
      .getByRole("link", { name: /Search/ })
      .first()
      .click();
    await tab.waitForURL(/search\.html$/);
    expect(await tab.getByRole("searchbox").last().isVisible()).toBe(true);
    await close();
    const asked = await site.open("search.html?q=createOnce");
    await asked.tab.locator("main li a").first().waitFor();
    await asked.close();
  });
});

describe("pages without JavaScript", () => {
  test.each([
    ["index.html", "Start in five minutes"],
    ["guides/selling.html", "When the response is lost"],
    ["operations/orders_create.html", "Your purchase order number"],
    ["workflows.html", "Finds the product, learns which parameters it needs"],
    ["reference.html", "The same reference as text"],
  ])("show the text of %s", async (page, text) => {
    const { tab, close } = await site.open(page, { javaScriptEnabled: false });
    await expect.poll(() => tab.locator("body").textContent()).toContain(text);
    await close();
  });

  test("are light, and say that the search does not run", async () => {
    const { tab, close } = await site.open("search.html?q=price", { javaScriptEnabled: false, colorScheme: "light" });
    await tab.locator("noscript p", { hasText: "The search needs JavaScript." }).waitFor();
    expect(await tab.locator("html").getAttribute("data-theme")).toBe("light");
    await close();
  });
});

describe("pages in a folder", () => {
  test("work without a server", async () => {
    const { tab, requests, consoleErrors, close } = await site.open(pathToFileURL(join(paths.docs, "index.html")).href);
    await tab.getByRole("link", { name: "Sell something" }).click();
    await tab.getByRole("heading", { level: 1, name: "Selling" }).waitFor();
    await tab.waitForLoadState("load");
    await tab.keyboard.press("Control+k");
    await tab.keyboard.type("poNumber");
    await tab.locator("dialog[open] li a").first().click();
    await tab.getByRole("heading", { level: 1, name: "Place an order" }).waitFor();
    expect(requests.filter((url) => !/^(file|data):/.test(url))).toEqual([]);
    expect(consoleErrors).toEqual([]);
    await close();
  });
});

test("a sample's button copies it to the clipboard", async () => {
  const { tab, close } = await site.open("operations/orders_create.html", {
    permissions: ["clipboard-read", "clipboard-write"],
  });
  const examples = samplesOf(document).get("orders_create") ?? [];
  // What each button holds; then some are pressed.
  const held = await tab
    .locator(".calls .sample .copy button")
    .evaluateAll((buttons) => buttons.map((button) => button.getAttribute("data-code")?.replaceAll("\u007f", "\n")));
  expect(held.toSorted()).toEqual(
    examples.flatMap(({ samples }) => samples.map(({ source: sample }) => sample)).toSorted(),
  );
  // Every night each example's; else each language's.
  const pressed = isNightly ? examples : examples.slice(0, examples[0]?.samples.length);
  for (const [index, { summary, samples }] of pressed.entries()) {
    await chooseExample(tab, summary);
    const { lang, source: sample } = samples[index % samples.length] as (typeof samples)[number];
    await tab.locator(".languages label", { hasText: lang }).click();
    const shown = tab.locator(".sample").filter({ visible: true });
    expect(await shown.count()).toBe(1);
    await shown.getByRole("button", { name: /copy/i }).click();
    await expect.poll(() => tab.evaluate(() => navigator.clipboard.readText())).toBe(sample);
  }
  await close();
});

test.each(["index.html", "guides/selling.html", "operations/customers_list.html", "search.html"])(
  "%s can be used by keyboard alone",
  async (page) => {
    const { tab, close } = await site.open(page);
    // What Tab or arrow keys can reach.
    const all = await tab.evaluate(() => {
      const elements = [
        ...window.document.querySelectorAll<HTMLElement>("a[href], button, input:not([type=radio]), select, summary"),
      ];
      const reachable = elements.filter(
        (element) =>
          element.checkVisibility({ visibilityProperty: true }) &&
          element.getAttribute("role") !== "tab" &&
          // An index for programs, not for people.
          !element.matches(".site-index"),
      );
      reachable.forEach((element, index) => {
        element.dataset.number = String(index);
      });
      window.document.addEventListener("focusin", ({ target }) => {
        (target as HTMLElement).dataset.reached = "";
      });
      return reachable.length;
    });
    const reached = () => tab.locator("[data-number][data-reached]").count();
    for (let presses = 0; presses < all + 60; presses += 1) {
      await tab.keyboard.press("Tab");
      if (presses % 20 === 19 && (await reached()) === all) break;
    }
    expect(await reached()).toBe(all);
    await close();
  },
);

/** Presses Tab until the focused element matches. */
async function tabTo(tab: Page, selector: string): Promise<void> {
  for (let presses = 0; presses < 400; presses += 1) {
    await tab.keyboard.press("Tab");
    if (await tab.evaluate((wanted) => window.document.activeElement?.matches(wanted), selector)) return;
  }
  throw new Error(`The keyboard does not reach ${selector}.`);
}

test("reference.html finds an operation by keyboard alone", async () => {
  const { tab, close } = await site.open("reference.html");
  await tab.getByAltText("redocly logo").waitFor();
  await tabTo(tab, "a[href$='#/orders']");
  await tab.keyboard.press("Enter");
  await tab.locator("a[href$='#/orders/orders_create']").filter({ visible: true }).first().waitFor();
  await tabTo(tab, "a[href$='#/orders/orders_create']");
  await tab.keyboard.press("Enter");
  await tab.waitForURL(/#\/orders\/orders_create$/);
  await tab.locator("h2", { hasText: "Place an order" }).waitFor();
  await close();
});

test("an operation's page prints the sample of its example whole, in the language that is chosen, and no navigation", async () => {
  const { tab, close } = await site.open("operations/orders_create.html");
  await tab.getByRole("radio", { name: "PowerShell" }).check({ force: true });
  await tab.emulateMedia({ media: "print" });
  const printed = async (text: string) => tab.locator(".calls .sample:visible").getByText(text).first().isVisible();
  expect([await printed("Invoke-RestMethod"), await printed("from urllib.request")]).toEqual([true, false]);
  expect(await tab.locator(".languages label:visible").allInnerTexts()).toEqual(["PowerShell"]);
  expect(await tab.getByRole("navigation", { name: "Main" }).isVisible()).toBe(false);
  expect(await tab.getByRole("banner").isVisible()).toBe(false);
  expect(await tab.locator(".sample:visible").count()).toBe(1);
  const cut = await tab.locator(".calls").evaluate((calls) => calls.scrollHeight - calls.clientHeight);
  expect(cut).toBeLessThanOrEqual(1);
  await close();
});

test("a guide prints each call in the language that is chosen, with its name", async () => {
  const { tab, close } = await site.open("guides/selling.html");
  const groups = tab.locator("sample-tabs");
  await groups.first().getByRole("tab", { name: "Python" }).click();
  await tab.emulateMedia({ media: "print" });
  const count = await groups.count();
  expect(count).toBeGreaterThan(0);
  expect(await groups.locator('[role="tabpanel"]:visible').count()).toBe(count);
  expect(new Set(await groups.locator('[role="tab"]:visible').allInnerTexts())).toEqual(new Set(["Python"]));
  await close();
});

test("a page is printed in light colors, whatever its theme", async () => {
  const { tab, close } = await site.open("404.html", { colorScheme: "dark" });
  await tab.evaluate(() => {
    addEventListener("beforeprint", () => {
      const { dataset } = window.document.documentElement;
      dataset.printed = dataset.theme;
    });
  });
  await tab.pdf();
  const { printed, theme } = await tab.evaluate(() => ({ ...window.document.documentElement.dataset }));
  expect({ printed, theme }).toEqual({ printed: "light", theme: "dark" });
  await close();
});

test.each(pages)("%s colors its code alike in light and dark", (page) => {
  for (const [figure] of source(page).matchAll(/<figure class="frame.*?<\/figure>/gs)) {
    const colors = [...figure.matchAll(/--0:(#\w+);--1:(#\w+)/g)];
    const [dark, light] = [1, 2].map((theme) => new Set(colors.map((color) => color[theme])).size);
    expect(dark, figure.replaceAll(/<[^>]*>/g, "")).toBe(light);
  }
});

test("index.html stays within its size budget", async () => {
  const { requests, close } = await site.open("index.html", { isFirstVisit: true });
  const files = requests
    .filter((url) => url.startsWith(site.url))
    .map((url) => url.replace(site.url, "").split("?")[0]);
  const bytes = files.map((file) => gzipSync(readFileSync(join(paths.docs, file || "index.html"))).length);
  const total = bytes.reduce((sum, size) => sum + size, 0);
  console.log(`The home page: ${files.length} files, ${(total / 1000).toFixed(1)} kB gzipped.`);
  expect(total).toBeLessThan(100_000);
  await close();
});
