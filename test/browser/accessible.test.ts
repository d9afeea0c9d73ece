import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeResults, RunOptions } from "axe-core";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { isNightly } from "../support/nightly.ts";
import { drawnByScript, type OpenedPage, pages, type Site, startSite, thirdPartyRequests } from "./site.ts";

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

let site: Site;
beforeAll(async () => {
  site = await startSite();
});
afterAll(() => site?.close());

/** What axe finds wrong with a page as it is now, each with where. What a scheme changes is colors alone. */
async function violations(tab: Page, rules: "all" | "colors"): Promise<string[]> {
  if (!(await tab.evaluate(() => "axe" in window))) await tab.evaluate(axeSource);
  const options: RunOptions = rules === "all" ? {} : { runOnly: ["color-contrast"] };
  const { violations: found } = await tab.evaluate(
    (given) => (window as unknown as { axe: { run(options: RunOptions): Promise<AxeResults> } }).axe.run(given),
    { ...options, resultTypes: ["violations" as const] },
  );
  return found.flatMap(({ id, nodes }) =>
    nodes.map(({ target, html }) => `${id}: ${target.join(" ")} ${html.slice(0, 120)}`),
  );
}

async function drawn({ tab }: OpenedPage, page: string): Promise<void> {
  if (page === "reference.html") await tab.getByAltText("redocly logo").waitFor();
  if (page === "console.html")
    await tab
      .getByRole("button", { name: /Test Request/ })
      .first()
      .waitFor();
}

/** Pages of one template are the same but for their text: at each change one that sends, one that lists, and one that signs in. */
const isSample = (page: string) =>
  !page.startsWith("operations/") || /^operations\/(?:orders_create|customers_list|token_create)\./.test(page);

const addresses = [
  ...pages.filter((page) => !drawnByScript.includes(page) && (isNightly || isSample(page))),
  "reference.html",
  "reference.html#/orders/orders_create",
  "console.html",
  "console.html#tag/customers/customers_list",
];

test.each(addresses)(
  "%s has no axe violations in light and dark mode and does not overflow at 360 px",
  async (address) => {
    for (const colorScheme of ["light", "dark"] as const) {
      const visit = await site.open(address, { colorScheme, reducedMotion: "reduce" });
      await drawn(visit, String(address.split("#")[0]));
      await expect
        .poll(() => violations(visit.tab, colorScheme === "light" ? "all" : "colors"), {
          timeout: 10_000,
          interval: 300,
        })
        .toEqual([]);
      await visit.tab.setViewportSize({ width: 360, height: 800 });
      expect(await visit.tab.evaluate(() => window.document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
      expect(visit.consoleErrors).toEqual([]);
      expect(thirdPartyRequests(site, visit).filter((url) => !url.startsWith(site.mock.url))).toEqual([]);
      await visit.close();
    }
  },
);
