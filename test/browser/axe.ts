import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { setTimeout as sleep } from "node:timers/promises";
import type { AxeResults, RunOptions } from "axe-core";
import type { Page } from "playwright-core";
import { isNightly } from "../support/nightly.ts";

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Has axe in each page that a tab opens from now on. Otherwise its half megabyte is sent to each. */
export const addAxe = (tab: Page): Promise<unknown> => tab.addInitScript(axeSource);

/** Which rules are looked at: the contrast of colors takes as long as all others. Of these, one depends on a text's own places. */
export type Rules = "all" | "colors" | "all but colors" | "places";

const OPTIONS: Record<Rules, RunOptions> = {
  all: {},
  colors: { runOnly: ["color-contrast"] },
  "all but colors": { rules: { "color-contrast": { enabled: false } } },
  places: { runOnly: ["scrollable-region-focusable"] },
};

/** A part of a page: what a selector matches, or all but what some match. */
export type Part = string | { exclude: string[] };

const WHOLE = "html";

/**
 * Whether a page has a part that scrolls and is no stop of the keyboard, by the measures of axe's rule. Where there is none, that rule
 * has nothing to look at, and axe need not read the page for it.
 */
const hasMuteScroller = (tab: Page): Promise<boolean> =>
  tab.evaluate(() =>
    [...window.document.querySelectorAll<HTMLElement>("*")].some((part) => {
      const [wide, high] = [part.scrollWidth > part.clientWidth, part.scrollHeight > part.clientHeight];
      if (part.tabIndex >= 0 || !(wide || high)) return false;
      const { overflowX, overflowY } = getComputedStyle(part);
      return (wide && /auto|scroll/.test(overflowX)) || (high && /auto|scroll/.test(overflowY));
    }),
  );

/**
 * The violations that axe finds on a page as it is now, each with its place. A color scheme changes only colors.
 * @param part what is looked at where the rest of the page is looked at elsewhere; every night all of it is
 */
export async function axeViolations(tab: Page, rules: Rules, part: Part = WHOLE): Promise<string[]> {
  if (rules === "places" && !(await hasMuteScroller(tab))) return [];
  if (!(await tab.evaluate(() => "axe" in window))) await tab.evaluate(axeSource);
  const options: RunOptions = { ...OPTIONS[rules], resultTypes: ["violations"] };
  type Axe = { run(context: Part, options: RunOptions): Promise<AxeResults> };
  const { violations: found } = await tab.evaluate(
    ([given, context]) => (window as unknown as { axe: Axe }).axe.run(context, given),
    [options, isNightly ? WHOLE : part] as const,
  );
  return found.flatMap(({ id, nodes }) =>
    nodes.map(({ target, html }) => `${id}: ${target.join(" ")} ${html.slice(0, 120)}`),
  );
}

/**
 * Empties what a page hides whatever its width: samples in other languages, and what is folded. Axe reads every word of it for seconds,
 * though its rules are about what is shown. The page is only good for looks afterwards.
 */
export const emptyHidden = (tab: Page): Promise<void> =>
  tab.evaluate(() => {
    // Choices and styles stay, as they change other parts.
    const folded = "details:not([open]) > :not(summary, :has(input, link, style))";
    // All are asked before the first is emptied, as after each change the next question would lay the page out again.
    const parts = [...window.document.querySelectorAll(`pre, ${folded}`)];
    for (const part of parts.filter((each) => !each.checkVisibility())) part.replaceChildren();
  });

/** How a page is looked at. */
export interface View {
  colorScheme: "light" | "dark";
  width: number;
  rules: Rules;
}

/**
 * All views of a page, by its loads. In the dark it has only other colors, and on a phone only other places, so that it is loaded once
 * and looked at as who turns a screen sees it; every night it is loaded for each width and scheme.
 */
export const VISITS: View[][] = isNightly
  ? [1440, 768, 360].flatMap((width): View[][] => [
      [{ colorScheme: "light", width, rules: "all" }],
      [{ colorScheme: "dark", width, rules: "colors" }],
    ])
  : [
      [
        { colorScheme: "light", width: 1440, rules: "all" },
        { colorScheme: "dark", width: 768, rules: "colors" },
        { colorScheme: "light", width: 360, rules: "all but colors" },
      ],
    ];

/** Shows a page in a scheme and a width. */
export async function show(tab: Page, { colorScheme, width }: View): Promise<void> {
  await tab.emulateMedia({ colorScheme, reducedMotion: "reduce" });
  await tab.setViewportSize({ width, height: 900 });
}

/** How often axe looks again at a page that is still being drawn. */
const LOOKS = 20;

/**
 * The violations that axe finds once a page is drawn. Looks are counted rather than timed: on a busy machine, a single one takes
 * longer than any poll should last.
 */
export async function settledAxeViolations(tab: Page, rules: Rules, part: Part = WHOLE): Promise<string[]> {
  for (let look = 1; look < LOOKS; look++) {
    const found = await axeViolations(tab, rules, part);
    if (!found.length) return found;
    await sleep(300);
  }
  return axeViolations(tab, rules, part);
}
