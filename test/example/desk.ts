import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import type { AxeResults } from "axe-core";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import sirv from "sirv";
import { paths } from "../../scripts/paths.ts";
import { launchBrowser, openTab } from "../browser/browser.ts";

/** The folder for screenshots, which git ignores. */
export const screenshots = fileURLToPath(new URL("./screenshots", import.meta.url));

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** The example app in a browser, served as static files. */
export interface Desk {
  /** Opens a view. `search` is the URL's query, for example `?api=…`. */
  open(route: string, options?: BrowserContextOptions & { search?: string }): Promise<OpenedDesk>;
  close(): Promise<void>;
}

/** An open page of the app, with its errors. */
export interface OpenedDesk {
  page: Page;
  errors: string[];
  /** Requests other than for the app's own files. */
  requests: string[];
  close(): Promise<void>;
}

export async function startDesk(): Promise<Desk> {
  const files: Server = createServer(sirv(paths.example)).listen(0, "127.0.0.1");
  const [browser]: [Browser, unknown] = await Promise.all([launchBrowser(), once(files, "listening")]);
  const origin = `http://127.0.0.1:${(files.address() as AddressInfo).port}`;
  return {
    async open(route, { search = "", ...options } = {}) {
      const viewport = { width: 1440, height: 900 };
      const page = await openTab(browser, { viewport, reducedMotion: "reduce", ...options });
      const errors: string[] = [];
      const requests: string[] = [];
      page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
      page.on("pageerror", (error) => errors.push(error.message));
      page.on("request", (request) => {
        if (!request.url().startsWith(origin) && !/^(?:data|blob):/.test(request.url())) requests.push(request.url());
      });
      await page.goto(`${origin}/${search}#/${route}`);
      return { page, errors, requests, close: () => page.context().close() };
    },
    async close() {
      await browser.close();
      files.close();
      files.closeAllConnections();
    },
  };
}

/** The violations that axe finds on a page as it is now, each with its place. */
export async function violations(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axeSource);
  const { violations: found } = await page.evaluate(() =>
    (window as unknown as { axe: { run(options: object): Promise<AxeResults> } }).axe.run({
      resultTypes: ["violations"],
    }),
  );
  return found.flatMap(({ id, nodes }) => nodes.map(({ target, html }) => `${id}: ${target} ${html.slice(0, 120)}`));
}
