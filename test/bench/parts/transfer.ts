import type { Page } from "playwright-core";
import { startSite } from "../../browser/site.ts";
import { type Part, row } from "../measure.ts";

/** One page of each template. */
const PAGES = [
  "index.html",
  "guides/selling.html",
  "operations/orders_create.html",
  "changelog.html",
  "reference.html",
  "console.html",
];

const ROUNDS = 3;

/** Kilobytes that come over the wire for a page with nothing in the browser's cache, compressed where the server does. */
async function transferOf(tab: Page, url: string): Promise<number> {
  const session = await tab.context().newCDPSession(tab);
  let bytes = 0;
  session.on("Network.loadingFinished", ({ encodedDataLength }) => {
    bytes += encodedDataLength;
  });
  await session.send("Network.enable");
  await session.send("Network.setCacheDisabled", { cacheDisabled: true });
  await tab.goto(url, { waitUntil: "networkidle" });
  return bytes / 1000;
}

/** What is sent for the docs' pages. Needs the built docs. */
export async function transfer(): Promise<Part> {
  const site = await startSite();
  try {
    const rows = [];
    for (const page of PAGES) {
      const sent: number[] = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        const { tab, close } = await site.open("404.html");
        sent.push(await transferOf(tab, `${site.url}${page}`));
        await close();
      }
      rows.push(row("transfer", "sent", page, "kB", sent));
    }
    return { rows, budgets: [] };
  } finally {
    await site.close();
  }
}
