import { afterAll, beforeAll, expect, test } from "vitest";
import { isNightly } from "../support/nightly.ts";
import { addAxe, emptyHidden, type Rules, settledAxeViolations } from "./axe.ts";
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

interface View {
  colorScheme: "light" | "dark";
  width: number;
  rules: Rules;
}

/** A page in the dark has only other colors, and on a phone only other places; every night all is checked everywhere. */
const views: View[] = isNightly
  ? [1440, 768, 360].flatMap((width): View[] => [
      { colorScheme: "light", width, rules: "all" },
      { colorScheme: "dark", width, rules: "colors" },
    ])
  : [
      { colorScheme: "light", width: 1440, rules: "all" },
      { colorScheme: "dark", width: 768, rules: "colors" },
      { colorScheme: "light", width: 360, rules: "all but colors" },
    ];

const emulate = async ({ tab }: OpenedPage, { colorScheme, width }: View) => {
  await tab.emulateMedia({ colorScheme, reducedMotion: "reduce" });
  await tab.setViewportSize({ width, height: 900 });
};

async function load(address: string): Promise<void> {
  // From one place to another of a page, a browser loads nothing.
  if (address.includes("#")) await visit.tab.goto("about:blank");
  visit.requests.length = 0;
  visit.consoleErrors.length = 0;
  await visit.tab.goto(new URL(address, site.url).href);
  await drawn(visit, String(address.split("#")[0]));
}

test.each(addresses)("%s has no axe violations in light and dark mode, at 1,440, 768 and 360 px", async (address) => {
  for (const [index, view] of views.entries()) {
    await emulate(visit, view);
    // At night, as each width and scheme finds it; else as a reader who turns a screen or changes the scheme sees it.
    if (index === 0 || isNightly) await load(address);
    if (!isNightly) await emptyHidden(visit.tab);
    expect(await settledAxeViolations(visit.tab, view.rules)).toEqual([]);
    expect(await visit.tab.evaluate(() => window.document.documentElement.scrollWidth)).toBeLessThanOrEqual(view.width);
    expect(visit.consoleErrors).toEqual([]);
    expect(thirdPartyRequests(site, visit)).toEqual([]);
  }
});
