import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { entriesOf } from "./collect.ts";
import type { Entry } from "./entry.ts";
import type { FoundOnPages } from "./search-index.ts";

const at = (path: string) => new URL(`../../${path}`, import.meta.url);

/** The Markdown of a page, in a folder that has that of all; `undefined` where the page has none. */
const textIn = (folder: string, page: string): Promise<string | undefined> =>
  readFile(at(`${folder}/${page.replace(/\.html$/, ".md")}`), "utf8").catch(() => undefined);

async function pagesWithText(folder: string): Promise<string[]> {
  const files = await readdir(fileURLToPath(at(folder)), { recursive: true });
  return files.filter((file) => file.endsWith(".md")).map((file) => file.replaceAll("\\", "/").replace(/md$/, "html"));
}

/** What was found on pages that have changed, with the Markdown that they had then. */
const drawn = new Map<string, { text: string; entries: Promise<Entry[]> }>();

function draw(page: string, text: string, origin: string): Promise<Entry[]> {
  const known = drawn.get(page);
  if (known?.text === text) return known.entries;
  const entries = fetch(new URL(page, origin)).then(async (response) => {
    if (response.ok) return entriesOf(page, await response.text());
    // What is wrong with the page is told where it is open.
    drawn.delete(page);
    return [];
  });
  drawn.set(page, { text, entries });
  // A failure is not remembered.
  entries.catch(() => drawn.delete(page));
  return entries;
}

/**
 * What can be found on each page beside a development server: what was found when the site was built, and anew on each page whose Markdown has
 * changed since. To draw all pages would take a minute.
 * @param origin of the server
 */
export async function foundNow(origin: string): Promise<FoundOnPages> {
  const built = new Map<string, Entry[]>(JSON.parse(await readFile(at("build/found.json"), "utf8")));
  const found: [string, Entry[]][] = [];
  for (const page of new Set([...built.keys(), ...(await pagesWithText("build/files"))])) {
    const [before, now] = await Promise.all([textIn("dist", page), textIn("build/files", page)]);
    const isGone = before !== undefined && now === undefined;
    if (isGone) continue;
    const entries = now === undefined || now === before ? built.get(page) : await draw(page, now, origin);
    found.push([page, entries ?? []]);
  }
  return found;
}
