import { startSite } from "../../browser/site.ts";
import { type Budget, byTurns, type Part, ratioOf, row } from "../measure.ts";

const ROUNDS = 7;
const PAGES = ["index.html", "operations/orders_create.html", "reference.html"];

/** Milliseconds after which a page should show something. */
const LIMIT = 300;

const budgetsOf = (found: Map<string, number[]>): Budget[] =>
  [...found].map(([page, times]) => ({
    ...{ name: `${page}, first contentful paint / ${LIMIT} ms`, limit: 1, is: "at most" },
    ...ratioOf(times, [LIMIT]),
  }));

/** How soon pages of the docs show something, in a browser that has not seen them yet. Needs the built docs. */
export async function pages(): Promise<Part> {
  const site = await startSite();
  try {
    const paint = async (page: string) => {
      const { tab, close } = await site.open(page);
      const handle = await tab.waitForFunction(
        () => performance.getEntriesByName("first-contentful-paint")[0]?.startTime,
      );
      const time = Number(await handle.jsonValue());
      await close();
      return time;
    };
    const found = await byTurns(PAGES, ROUNDS, paint, budgetsOf);
    const rows = [...found].map(([page, times]) => row("pages", "first contentful paint", page, "ms", times));
    return { rows, budgets: budgetsOf(found) };
  } finally {
    await site.close();
  }
}
