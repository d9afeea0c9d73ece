import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parentPort } from "node:worker_threads";
import { entriesOf } from "../src/search/collect.ts";
import type { FoundOnPages } from "../src/search/search-index.ts";
import type { PagesTask } from "./finish-pages.ts";
import { makePortable } from "./relative-links.ts";

parentPort?.once("message", async ({ folder, pages }: PagesTask) => {
  await makePortable(folder, pages);
  const found = pages.map(async (page): Promise<FoundOnPages[number]> => {
    const html = await readFile(join(folder, page), "utf8");
    return [page, entriesOf(page, html)];
  });
  parentPort?.postMessage(await Promise.all(found));
});
