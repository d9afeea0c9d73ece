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
 * of it for another process. What a page kept is forgotten when the next one opens in its tab.
 */
export class Tabs {
  readonly #quiet: URL;
  readonly #viewport: { width: number; height: number };
  readonly #idle = new Map<string, OpenedPage[]>();
  readonly #all = new Set<OpenedPage>();

  /**
   * @param quiet a page of the origin without a script
   * @param viewport of pages that say nothing else
   */
  constructor(quiet: string, viewport: { width: number; height: number }) {
    this.#quiet = new URL(quiet);
    this.#viewport = viewport;
  }

  async open(address: string, options: OpenOptions): Promise<OpenedPage> {
    const { isFirstVisit = false, viewport, colorScheme, reducedMotion, permissions = [], ...context } = options;
    const isReused = !isFirstVisit && new URL(address).origin === this.#quiet.origin;
    const kind = JSON.stringify(context);
    const idle = isReused && this.#idle.get(kind)?.pop();
    const page = idle || watch(await openOwnTab(context));
    this.#all.add(page);
    await page.tab.context().grantPermissions(permissions);
    await page.tab.emulateMedia({
      ...{ media: null, colorScheme: colorScheme ?? "light", reducedMotion: reducedMotion ?? "no-preference" },
    });
    await page.tab.setViewportSize(viewport ?? this.#viewport);
    page.requests.length = 0;
    page.consoleErrors.length = 0;
    await (idle ? this.#loadAnew(page, address) : page.tab.goto(address));
    return { ...page, close: () => (isReused ? this.#keep(kind, page) : this.#end(page)) };
  }

  /** Closes all of them, also those that a failed test left open. */
  async close(): Promise<void> {
    await Promise.all([...this.#all].map((page) => this.#end(page)));
  }

  async #end(page: OpenedPage): Promise<void> {
    this.#all.delete(page);
    await page.close();
  }

  /** Loads a page as if nothing of the site had been open in its tab. */
  async #loadAnew({ tab, requests }: OpenedPage, address: string): Promise<void> {
    const [path, place] = address.split("#");
    // To another place of the page that is open, a browser loads nothing.
    if (place !== undefined && tab.url().split("#")[0] === path) {
      await tab.goto(this.#quiet.href);
      requests.length = 0;
    }
    // As the new page begins, when the one before can keep nothing more.
    const forgetting = await tab.addInitScript(() => {
      localStorage.clear();
      sessionStorage.clear();
    });
    await tab.goto(address);
    await forgetting.dispose();
  }

  async #keep(kind: string, page: OpenedPage): Promise<void> {
    await page.tab.unrouteAll();
    await page.tab.context().clearCookies();
    await page.tab.context().clearPermissions();
    this.#idle.set(kind, [...(this.#idle.get(kind) ?? []), page]);
  }
}
