import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { setTimeout as sleep } from "node:timers/promises";
import type { AxeResults, RunOptions } from "axe-core";
import type { Page } from "playwright-core";

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Has axe in each page that a tab opens from now on. Otherwise its half megabyte is sent to each. */
export const addAxe = (tab: Page): Promise<unknown> => tab.addInitScript(axeSource);

/** The violations that axe finds on a page as it is now, each with its place. A color scheme changes only colors. */
export async function axeViolations(tab: Page, rules: "all" | "colors"): Promise<string[]> {
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

/** How often axe looks again at a page that is still being drawn. */
const LOOKS = 20;

/**
 * The violations that axe finds once a page is drawn. Looks are counted rather than timed: on a busy machine, a single one takes
 * longer than any poll should last.
 */
export async function settledAxeViolations(tab: Page, rules: "all" | "colors"): Promise<string[]> {
  for (let look = 1; look < LOOKS; look++) {
    const found = await axeViolations(tab, rules);
    if (!found.length) return found;
    await sleep(300);
  }
  return axeViolations(tab, rules);
}
