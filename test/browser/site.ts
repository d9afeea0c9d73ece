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

/** How a page is opened: as a reader sees it, and what the reader's browser has already. */
export interface OpenOptions extends BrowserContextOptions {
  /** Whether the browser has nothing of the site yet, not even in its cache. @defaultValue false */
  isFirstVisit?: boolean;
}

/** The docs as `npm start` serves them, with the mock and a browser. */
export interface Site {
  /** Ends with a slash. */
  url: string;
  mock: Mock;
  open(path: string, options?: OpenOptions): Promise<OpenedPage>;
  close(): Promise<void>;
}

const VIEWPORT = { width: 1280, height: 800 };

/** Notes what happens in a tab, in lists that are emptied whenever a page is opened in it. */
function watch(tab: Page): OpenedPage {
  const requests: string[] = [];
  const consoleErrors: string[] = [];
  tab.on("request", (request) => requests.push(request.url()));
  tab.on("console", (message) => message.type() === "error" && consoleErrors.push(message.text()));
  tab.on("pageerror", (error) => consoleErrors.push(error.message));
  return { tab, requests, consoleErrors, close: () => tab.context().close() };
}

/**
 * Opens pages of one origin, one after the other, in tabs that were used before: a page in a new context takes twice its own time, most
 * of it for another process. What a page kept is forgotten when it closes.
 */
class Tabs {
  readonly #browser: Browser;
  /** A page of the origin without a script, where what others kept can be cleared. */
  readonly #quiet: string;
  readonly #idle = new Map<string, OpenedPage[]>();

  constructor(browser: Browser, quiet: string) {
    this.#browser = browser;
    this.#quiet = quiet;
  }

  async open(address: string, options: OpenOptions): Promise<OpenedPage> {
    const { isFirstVisit = false, viewport = VIEWPORT, colorScheme = "light", reducedMotion, ...context } = options;
    const media = { colorScheme, reducedMotion: reducedMotion ?? "no-preference" } as const;
    const isOwn = new URL(address).origin === new URL(this.#quiet).origin;
    if (isFirstVisit || !isOwn) {
      const page = watch(await openTab(this.#browser, { viewport, ...media, ...context }));
      await page.tab.goto(address);
      return page;
    }
    const kind = JSON.stringify(context);
    const page = this.#idle.get(kind)?.pop() ?? watch(await openTab(this.#browser, { viewport, ...media, ...context }));
    await page.tab.emulateMedia({ media: null, ...media });
    if (viewport) await page.tab.setViewportSize(viewport);
    page.requests.length = 0;
    page.consoleErrors.length = 0;
    await page.tab.goto(address);
    return { ...page, close: () => this.#reuse(kind, page) };
  }

  async #reuse(kind: string, page: OpenedPage): Promise<void> {
    const { tab } = page;
    await tab.unrouteAll();
    await tab.goto(this.#quiet);
    await tab.evaluate(() => {
      localStorage.clear();
      sessionStorage.clear();
    });
    await tab.context().clearCookies();
    this.#idle.set(kind, [...(this.#idle.get(kind) ?? []), page]);
  }
}

export async function startSite(): Promise<Site> {
  const [mock, browser] = await Promise.all([startMock({ port: 0 }), launchBrowser()]);
  const docs = await startDocsServer({ folder: paths.docs, mockUrl: mock.url, port: 0 });
  const { url } = docs;
  const tabs = new Tabs(browser, new URL("favicon.svg", url).href);
  return {
    url,
    mock,
    open: (path, options = {}) => tabs.open(new URL(path, url).href, options),
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
