import { closeBrowser } from "../../browser/browser.ts";
import { type Site, startSite } from "../../browser/site.ts";
import { type Budget, byTurns, exactRow, type Part, ratioOf, row } from "../measure.ts";

const ROUNDS = 5;

/** Milliseconds in which a page has to show something. */
const LIMIT = 300;

/** The figures of a page in the first version of the docs: commit 62be0c8, measured on 2026-11-26 on 2 busy cores. */
interface FirstVersion {
  /** Kilobytes over the wire. */
  sent: number;
  /** Milliseconds until the first contentful paint. */
  paint: number;
}

/** One page of each template, with the first version's figures. That had no pages of objects, errors and commands. */
const PAGES: Record<string, FirstVersion | undefined> = {
  "index.html": { sent: 158, paint: 100 },
  "guides/selling.html": { sent: 169, paint: 268 },
  "operations/orders_create.html": { sent: 797, paint: 256 },
  "objects/order.html": undefined,
  "errors/429.html": undefined,
  "changelog.html": { sent: 292, paint: 764 },
  "commands.html": undefined,
  "reference.html": { sent: 2839, paint: 440 },
};

interface Visit {
  /** Kilobytes over the wire, as the server compresses them. */
  sent: number;
  /** Milliseconds until the first contentful paint. */
  first: number;
  /** Milliseconds until the largest contentful paint before the network was idle. */
  largest: number;
}

/** Loads a page with an empty browser cache. */
async function visit(site: Site, page: string): Promise<Visit> {
  const { tab, close } = await site.open("about:blank");
  const session = await tab.context().newCDPSession(tab);
  let bytes = 0;
  session.on("Network.loadingFinished", ({ encodedDataLength }) => {
    bytes += encodedDataLength;
  });
  await session.send("Network.enable");
  await tab.goto(`${site.url}${page}`, { waitUntil: "networkidle" });
  const [first = 0, largest = 0] = await tab.evaluate(async () => {
    const observed = new Promise<number>((resolve) => {
      const observer = new PerformanceObserver((list) => resolve(list.getEntries().at(-1)?.startTime ?? 0));
      observer.observe({ type: "largest-contentful-paint", buffered: true });
    });
    return [performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0, await observed];
  });
  await close();
  return { sent: bytes / 1000, first, largest };
}

const listOf = (visits: Visit[], figure: keyof Visit) => visits.map((each) => each[figure]);

/** The figures of a page beside the first version's. */
function rowsOf(page: string, visits: Visit[]) {
  const before = PAGES[page];
  const [sent, first] = [listOf(visits, "sent"), listOf(visits, "first")];
  const beside = (what: string, unit: string, now: number[], then: number) => [
    exactRow(`${what}, first version`, page, unit, then),
    row(
      `${what}, now / first version`,
      page,
      "×",
      now.map((figure) => figure / then),
    ),
  ];
  return [
    row("sent", page, "kB", sent),
    ...(before ? beside("sent", "kB", sent, before.sent) : []),
    row("first contentful paint", page, "ms", first),
    ...(before ? beside("first contentful paint", "ms", first, before.paint) : []),
    row("largest contentful paint", page, "ms", listOf(visits, "largest")),
  ];
}

const budgetsOf = (found: Map<string, Visit[]>): Budget[] =>
  [...found].flatMap(([page, visits]): Budget[] => {
    const before = PAGES[page];
    const first = ratioOf(listOf(visits, "first"), LIMIT);
    const contenders = [page];
    return [
      {
        name: `${page}, first contentful paint / ${LIMIT} ms`,
        limit: 1,
        is: "at most",
        ...first,
        isOnClock: true,
        contenders,
      },
      ...(before
        ? [
            {
              ...{ name: `${page}, sent / first version`, limit: 0.75, is: "at most" as const, contenders },
              ...ratioOf(listOf(visits, "sent"), before.sent),
            },
          ]
        : []),
    ];
  });

/** Transfer size and paint times of one page of each template, beside the first version. Needs the built docs. */
export async function docs(): Promise<Part> {
  const site = await startSite();
  try {
    const found = await byTurns(Object.keys(PAGES), ROUNDS, (page) => visit(site, page), budgetsOf);
    return { rows: [...found].flatMap(([page, visits]) => rowsOf(page, visits)), budgets: budgetsOf(found) };
  } finally {
    await site.close();
    await closeBrowser();
  }
}
