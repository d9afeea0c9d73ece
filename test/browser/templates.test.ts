import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isNightly } from "../support/nightly.ts";
import { emptyHidden, settledAxeViolations, show, type View } from "./axe.ts";
import { type Site, startSite } from "./site.ts";

let site: Site;
beforeAll(async () => {
  site = await startSite();
});
afterAll(() => site?.close());

const overflow = (tab: Page) => tab.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);

/** States of a page that a reader brings about, at once or once a page is as narrow as given, and the part of the page that has it. */
const states: [page: string, state: string, part: string, begin: (tab: Page, width: number) => Promise<void>][] = [
  [
    "index.html",
    "after a request",
    ":has(> .run-result)",
    async (tab) => {
      await tab.getByRole("button", { name: "Send", exact: true }).click();
      await tab.locator(".run-state").getByText("200 OK").waitFor();
    },
  ],
  [
    "guides/renewals.html",
    "with the search open",
    "dialog[open]",
    async (tab) => {
      await tab.keyboard.press("Control+k");
      await tab.keyboard.type("refund");
      await tab.locator("dialog[open] li a").first().waitFor();
    },
  ],
  [
    "guides/paging.html",
    "with the menu open",
    "header, nav.sidebar",
    async (tab, width) => {
      if (width < 800) await tab.getByRole("button", { name: "Menu", exact: true }).click();
    },
  ],
  ["search.html?q=token%20expired", "with results", "main", async (tab) => tab.locator("main li a").first().waitFor()],
];

/** How a state is looked at. Each list of views is of one load, so that a page is turned and recolored in its state. */
const visitsIn = (state: string): View[][] =>
  isNightly
    ? (["light", "dark"] as const).flatMap((colorScheme) =>
        [1440, 768, 360].map((width): View[] => [{ colorScheme, width, rules: "all" }]),
      )
    : [
        [
          // A wide page has no menu to open.
          ...(state === "with the menu open" ? [] : [{ colorScheme: "light", width: 1440, rules: "all" } as const]),
          { colorScheme: "light", width: 360, rules: "all" },
          { colorScheme: "dark", width: 360, rules: "colors" },
          { colorScheme: "light", width: 768, rules: "all but colors" },
        ],
      ];

test.each(states)(
  "%s, %s, has no axe violations and does not overflow, in light and dark",
  async (page, state, part, begin) => {
    for (const views of visitsIn(state)) {
      const [{ width, colorScheme }] = views as [View];
      const options = { colorScheme, reducedMotion: "reduce", viewport: { width, height: 900 } } as const;
      const { tab, close } = await site.open(page, options);
      await begin(tab, width);
      if (!isNightly) await emptyHidden(tab);
      for (const view of views) {
        await show(tab, view);
        expect(await settledAxeViolations(tab, view.rules, part)).toEqual([]);
        expect([view.width, await overflow(tab)]).toEqual([view.width, 0]);
      }
      await close();
    }
  },
);

describe("names and flags", () => {
  test.each([
    "index.html",
    "guides/selling.html",
    "errors/rate-limited.html",
    "commands.html",
    "commands/subscriptions.html",
    "decisions/0008-certainty.html",
    "operations/orders_create.html",
  ])("%s breaks none at its hyphens on a phone", async (page) => {
    const { tab, close } = await site.open(page, { viewport: { width: 360, height: 800 } });
    const names = tab.locator("main code[data-whole], main .flag");
    const lines = await names.evaluateAll((all) =>
      all.filter((name) => name.getClientRects().length > 1).map((name) => name.textContent),
    );
    expect(await names.count()).toBeGreaterThan(1);
    expect(lines).toEqual([]);
    expect(await overflow(tab)).toBe(0);
    await close();
  });

  test("keep the paths of the changelog whole on a tablet", async () => {
    const { tab, close } = await site.open("changelog.html", { viewport: { width: 768, height: 900 } });
    const broken = await tab.locator("main td:nth-child(4) code").evaluateAll((all) =>
      all.flatMap(({ firstChild: text }) => {
        const content = text?.textContent ?? "";
        const path = document.createRange();
        path.setStart(text as Node, Math.max(content.indexOf("/"), 0));
        path.setEnd(text as Node, content.length);
        return path.getClientRects().length > 1 ? [content] : [];
      }),
    );
    expect(broken).toEqual([]);
    expect(await overflow(tab)).toBe(0);
    await close();
  });

  test.each([
    ["guides/microsoft.html", [320]],
    ["changelog.html", [360, 768, 900, 1024, 1152, 1280, 1366]],
  ])("keep the tables of %s inside of the page at each width", async (page, widths) => {
    const { tab, close } = await site.open(page);
    const found: [width: number, overflow: number][] = [];
    for (const width of widths) {
      await tab.setViewportSize({ width, height: 900 });
      found.push([width, await overflow(tab)]);
    }
    expect(found).toEqual(widths.map((width) => [width, 0]));
    await close();
  });

  test("are in columns of equal width on the page of all commands", async () => {
    const { tab, close } = await site.open("commands.html", { viewport: { width: 1440, height: 900 } });
    const widths = await tab
      .locator("main table[data-names] th:first-child")
      .evaluateAll((heads) => heads.map((head) => Math.round(head.getBoundingClientRect().width)));
    expect(widths.length).toBeGreaterThan(5);
    expect(Math.max(...widths) - Math.min(...widths)).toBeLessThan(120);
    await close();
  });
});
