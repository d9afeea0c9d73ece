import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Mock, startMock } from "@imcloud/mock";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { close } from "../../packages/mock/src/http/listen.ts";
import { docsServer } from "../../scripts/docs/server.ts";
import { paths } from "../../scripts/paths.ts";
import { launchBrowser } from "./browser.ts";

/** Where screenshots go; git does not keep them. */
export const screenshots = fileURLToPath(new URL("./screenshots", import.meta.url));

/** The pages of the built site, as files below its folder. */
export const pages = readdirSync(paths.docs, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".html"))
  .sort();

/** The ones that are drawn by other tools when their scripts run. */
export const drawnByScript = ["reference.html", "console.html"];

export const source = (page: string): string => readFileSync(join(paths.docs, page), "utf8");

/** A page in a browser, with what it asked for and what it complained about. */
export interface Visit {
  tab: Page;
  requests: string[];
  complaints: string[];
  close(): Promise<void>;
}

/** The docs as `npm start` serves them, with their mock and a browser. */
export interface Site {
  /** With a slash at its end. */
  url: string;
  mock: Mock;
  open(path: string, options?: BrowserContextOptions): Promise<Visit>;
  close(): Promise<void>;
}

async function visit(browser: Browser, address: string, options: BrowserContextOptions): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  context.setDefaultTimeout(8_000);
  const tab = await context.newPage();
  const requests: string[] = [];
  const complaints: string[] = [];
  tab.on("request", (request) => requests.push(request.url()));
  tab.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  tab.on("pageerror", (error) => complaints.push(error.message));
  await tab.goto(address);
  return { tab, requests, complaints, close: () => context.close() };
}

export async function startSite(): Promise<Site> {
  const [mock, browser] = await Promise.all([startMock({ port: 0 }), launchBrowser()]);
  const server = docsServer(paths.docs, mock.url);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return {
    url,
    mock,
    open: (path, options = {}) => visit(browser, new URL(path, url).href, options),
    close: async () => {
      await browser.close();
      await close(server);
      await mock.close();
    },
  };
}

/** What a page asked for of others than the site itself. */
export const strangers = (site: Site, { requests }: Visit): string[] =>
  requests.filter((url) => !url.startsWith(site.url) && !/^(data|blob):/.test(url));
