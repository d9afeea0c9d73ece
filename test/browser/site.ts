import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { startDocsServer } from "@imcloud/docs/server";
import { type Mock, startMock } from "@imcloud/mock";
import type { Page } from "playwright-core";
import { paths } from "../../scripts/paths.ts";
import { type OpenedPage, type OpenOptions, Tabs } from "./tabs.ts";

export type { OpenedPage } from "./tabs.ts";

/** The pages of the built site, as paths below its folder. */
export const pages = readdirSync(paths.docs, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".html"))
  .sort();

/** Pages that a third-party script draws. */
export const drawnByScript = ["reference.html"];

export const source = (page: string): string => readFileSync(join(paths.docs, page), "utf8");

/** The docs as `npm start` serves them, with the mock and a browser. */
export interface Site {
  /** Ends with a slash. */
  url: string;
  mock: Mock;
  open(path: string, options?: OpenOptions): Promise<OpenedPage>;
  close(): Promise<void>;
}

export async function startSite(): Promise<Site> {
  const mock = await startMock({ port: 0 });
  const docs = await startDocsServer({ folder: paths.docs, mockUrl: mock.url, port: 0 });
  const { url } = docs;
  const tabs = new Tabs(new URL("favicon.svg", url).href, { width: 1280, height: 800 });
  return {
    url,
    mock,
    open: (path, options = {}) => tabs.open(new URL(path, url).href, options),
    close: async () => {
      await tabs.close();
      await docs.close();
      await mock.close();
    },
  };
}

/** The requests of a page to other hosts. */
export const thirdPartyRequests = (site: Site, { requests }: OpenedPage): string[] =>
  requests.filter((url) => !url.startsWith(site.url) && !/^(data|blob):/.test(url));

/** Chooses an example of an operation. The list is folded where it is long. */
export async function chooseExample(tab: Page, summary: string): Promise<void> {
  const fold = tab.locator(".examples-fold:not([open]) > summary");
  if (await fold.count()) await fold.click();
  await tab.locator(".examples label", { hasText: summary }).click();
}
