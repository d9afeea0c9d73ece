import { afterAll, beforeAll, expect, test } from "vitest";
import { isNightly } from "../support/nightly.ts";
import { addAxe, emptyHidden, settledAxeViolations, show, VISITS, type View } from "./axe.ts";
import { contentOf, pagesOfEveryKind } from "./samples.ts";
import { drawnByScript, type OpenedPage, pages, type Site, source, startSite, thirdPartyRequests } from "./site.ts";

let site: Site;
/** One tab for all pages, as a new one each time takes longer than the pages do. */
let visit: OpenedPage;
beforeAll(async () => {
  site = await startSite();
  visit = await site.open("about:blank");
  await addAxe(visit.tab);
});
afterAll(() => site?.close());

async function drawn({ tab }: OpenedPage, page: string): Promise<void> {
  if (page === "reference.html") await tab.getByAltText("redocly logo").waitFor({ state: "attached" });
}

/** One page of each layout, each with its own parts for a phone. Other pages differ from them only in their text there. */
const LAYOUTS = ["index.html", "guides/selling.html", "operations/orders_create.html", "search.html"];
const REFERENCE = ["reference.html", "reference.html#/orders/orders_create"];

const ours = pages.filter((page) => !drawnByScript.includes(page));

const addresses = [...(isNightly ? ours : pagesOfEveryKind(LAYOUTS, ours)), ...REFERENCE];

/** What all pages have around their own text, and which is looked at on one page of each layout. */
const FRAME = ["header.header", "nav.sidebar", "aside.right-sidebar-container"];

/** Whether a page is looked at for all others of its layout. */
const isLayout = (address: string) => [...LAYOUTS, ...REFERENCE].includes(address);

const rulesOf = (address: string, { rules }: View) =>
  rules === "all but colors" && !isLayout(address) ? "places" : rules;

const partOf = (address: string) => (isLayout(address) ? undefined : { exclude: FRAME });

async function load(address: string): Promise<void> {
  // From one place to another of a page, a browser loads nothing: every night it does, else Redocly goes there as for a reader.
  if (address.includes("#") && isNightly) await visit.tab.goto("about:blank");
  visit.requests.length = 0;
  visit.consoleErrors.length = 0;
  await visit.tab.goto(new URL(address, site.url).href);
  await drawn(visit, String(address.split("#")[0]));
}

test.each(addresses)("%s has no axe violations in light and dark mode, at 1,440, 768 and 360 px", async (address) => {
  for (const views of VISITS) {
    await show(visit.tab, views[0] as View);
    await load(address);
    if (!isNightly) await emptyHidden(visit.tab);
    for (const view of views) {
      await show(visit.tab, view);
      expect(await settledAxeViolations(visit.tab, rulesOf(address, view), partOf(address))).toEqual([]);
      const width = await visit.tab.evaluate(() => window.document.documentElement.scrollWidth);
      expect(width).toBeLessThanOrEqual(view.width);
      expect(visit.consoleErrors).toEqual([]);
      expect(thirdPartyRequests(site, visit)).toEqual([]);
    }
  }
});

/** The style sheets of a page, as they stand in it. */
const SHEET = /<link rel="stylesheet" href="([^"]+)"[^>]*>/g;

// Each by its content alone, in the frame of one of them: a page that is loaded takes ten times as long. At night each is loaded above.
test("no page is wider than a telephone of 360 px", async () => {
  const { tab, close } = await site.open(String(LAYOUTS[1]), { viewport: { width: 360, height: 800 } });
  const sheets = ours.flatMap((page) =>
    [...source(page).matchAll(SHEET)].map(([, href]) => new URL(String(href), new URL(page, site.url)).href),
  );
  for (const url of new Set(sheets)) await tab.addStyleTag({ url });
  const widthsWith = (contents: string[]) =>
    tab.evaluate(
      (all) =>
        all.map((html) => {
          const main = window.document.querySelector("main");
          if (main) main.outerHTML = html;
          return window.document.documentElement.scrollWidth;
        }),
      contents,
    );
  // Some at once, so that the browser paints only the last of them.
  for (let start = 0; start < ours.length; start += 10) {
    const some = ours.slice(start, start + 10);
    const widths = await widthsWith(some.map((page) => contentOf(page).replaceAll(SHEET, "")));
    expect(some.map((page, place) => [page, widths[place]])).toEqual(some.map((page) => [page, 360]));
  }
  // What is shown is measured.
  const [wide] = await widthsWith([`<main><pre style="overflow: visible">${"x".repeat(200)}</pre></main>`]);
  expect(wide).toBeGreaterThan(360);
  await close();
});
