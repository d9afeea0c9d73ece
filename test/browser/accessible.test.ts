import { afterAll, beforeAll, expect, test } from "vitest";
import { isNightly } from "../support/nightly.ts";
import { addAxe, emptyHidden, settledAxeViolations, show, VISITS, type View } from "./axe.ts";
import { drawnByScript, type OpenedPage, pages, type Site, startSite, thirdPartyRequests } from "./site.ts";

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

/** Pages of one template differ only in their text, so one of each is checked; of operations, one that signs in too. */
const isSample = (page: string) =>
  !page.includes("/") ||
  /^(?:operations\/(?:orders_create|token_create)|objects\/order|errors\/(?:500|rate-limited)|guides\/selling|decisions\/0008.*)\./.test(
    page,
  );

const addresses = [
  ...pages.filter((page) => !drawnByScript.includes(page) && (isNightly || isSample(page))),
  "reference.html",
  "reference.html#/orders/orders_create",
];

/** One page of each layout, each with its own parts for a phone. Other pages differ from them only in their text there. */
const LAYOUTS = [
  ...["index.html", "guides/selling.html", "operations/orders_create.html", "search.html"],
  "reference.html#/orders/orders_create",
];

/** What all pages have around their own text, and which is looked at on one page of each layout. */
const FRAME = ["header.header", "nav.sidebar", "aside.right-sidebar-container"];

const rulesOf = (address: string, { rules }: View) =>
  rules === "all but colors" && !LAYOUTS.includes(address) ? "places" : rules;

const partOf = (address: string) => (LAYOUTS.includes(address) ? undefined : { exclude: FRAME });

async function load(address: string): Promise<void> {
  // From one place to another of a page, a browser loads nothing.
  if (address.includes("#")) await visit.tab.goto("about:blank");
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
