import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { startDocsServer } from "@imcloud/docs/server";
import { type Mock, startMock } from "@imcloud/mock";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { paths } from "../../scripts/paths.ts";
import { launchBrowser, openTab } from "./browser.ts";

/** The pages of the built site, as paths below its folder. */
export const pages = readdirSync(paths.docs, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".html"))
  .sort();

/** Pages that a third-party script draws. */
export const drawnByScript = ["reference.html"];

export const source = (page: string): string => readFileSync(join(paths.docs, page), "utf8");

/** An open page, with its requests and its console errors. */
export interface OpenedPage {
  tab: Page;
  requests: string[];
  consoleErrors: string[];
  close(): Promise<void>;
}

/** The docs as `npm start` serves them, with the mock and a browser. */
export interface Site {
  /** Ends with a slash. */
  url: string;
  mock: Mock;
  open(path: string, options?: BrowserContextOptions): Promise<OpenedPage>;
  close(): Promise<void>;
}

async function openPage(browser: Browser, address: string, options: BrowserContextOptions): Promise<OpenedPage> {
  const tab = await openTab(browser, { viewport: { width: 1280, height: 800 }, ...options });
  const requests: string[] = [];
  const consoleErrors: string[] = [];
  tab.on("request", (request) => requests.push(request.url()));
  tab.on("console", (message) => message.type() === "error" && consoleErrors.push(message.text()));
  tab.on("pageerror", (error) => consoleErrors.push(error.message));
  await tab.goto(address);
  return { tab, requests, consoleErrors, close: () => tab.context().close() };
}

export async function startSite(): Promise<Site> {
  const [mock, browser] = await Promise.all([startMock({ port: 0 }), launchBrowser()]);
  const docs = await startDocsServer({ folder: paths.docs, mockUrl: mock.url, port: 0 });
  const { url } = docs;
  return {
    url,
    mock,
    open: (path, options = {}) => openPage(browser, new URL(path, url).href, options),
    close: async () => {
      await browser.close();
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
