import { afterAll, beforeAll, expect, test } from "vitest";
import { isNightly } from "../support/nightly.ts";
import { addAxe, settledAxeViolations } from "./axe.ts";
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

/** The dark scheme changes only colors, so it is checked at one width; every night at all. */
const views: [colorScheme: "light" | "dark", width: number][] = isNightly
  ? [1440, 768, 360].flatMap((width): ["light" | "dark", number][] => [
      ["light", width],
      ["dark", width],
    ])
  : [
      ["light", 1440],
      ["dark", 768],
      ["light", 360],
    ];

test.each(addresses)("%s has no axe violations in light and dark mode, at 1,440, 768 and 360 px", async (address) => {
  for (const [colorScheme, width] of views) {
    // From one place to another of a page, a browser loads nothing.
    await visit.tab.goto("about:blank");
    visit.requests.length = 0;
    visit.consoleErrors.length = 0;
    await visit.tab.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await visit.tab.setViewportSize({ width, height: 900 });
    await visit.tab.goto(new URL(address, site.url).href);
    await drawn(visit, String(address.split("#")[0]));
    expect(await settledAxeViolations(visit.tab, colorScheme === "light" ? "all" : "colors")).toEqual([]);
    expect(await visit.tab.evaluate(() => window.document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    expect(visit.consoleErrors).toEqual([]);
    expect(thirdPartyRequests(site, visit).filter((url) => !url.startsWith(site.mock.url))).toEqual([]);
  }
});
