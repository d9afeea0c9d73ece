import type { BrowserContextOptions, Page } from "playwright-core";
import { openOwnTab } from "./browser.ts";

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
export class Tabs {
  readonly #quiet: URL;
  readonly #viewport: { width: number; height: number };
  readonly #idle = new Map<string, OpenedPage[]>();
  readonly #all = new Set<OpenedPage>();

  /**
   * @param quiet a page of the origin without a script, where what others kept can be cleared
   * @param viewport of pages that say nothing else
   */
  constructor(quiet: string, viewport: { width: number; height: number }) {
    this.#quiet = new URL(quiet);
    this.#viewport = viewport;
  }

  async open(address: string, options: OpenOptions): Promise<OpenedPage> {
    const { isFirstVisit = false, viewport, colorScheme, reducedMotion, ...context } = options;
    const isReused = !isFirstVisit && new URL(address).origin === this.#quiet.origin;
    const kind = JSON.stringify(context);
    const page = (isReused && this.#idle.get(kind)?.pop()) || watch(await openOwnTab(context));
    this.#all.add(page);
    await page.tab.emulateMedia({
      ...{ media: null, colorScheme: colorScheme ?? "light", reducedMotion: reducedMotion ?? "no-preference" },
    });
    await page.tab.setViewportSize(viewport ?? this.#viewport);
    page.requests.length = 0;
    page.consoleErrors.length = 0;
    await page.tab.goto(address);
    return { ...page, close: () => (isReused ? this.#forget(kind, page) : this.#end(page)) };
  }

  /** Closes all of them, also those that a failed test left open. */
  async close(): Promise<void> {
    await Promise.all([...this.#all].map((page) => this.#end(page)));
  }

  async #end(page: OpenedPage): Promise<void> {
    this.#all.delete(page);
    await page.close();
  }

  async #forget(kind: string, page: OpenedPage): Promise<void> {
    const { tab } = page;
    await tab.unrouteAll();
    await tab.goto(this.#quiet.href);
    await tab.evaluate(() => {
      localStorage.clear();
      sessionStorage.clear();
    });
    await tab.context().clearCookies();
    this.#idle.set(kind, [...(this.#idle.get(kind) ?? []), page]);
  }
}
