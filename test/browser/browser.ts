import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { WAIT } from "../support/wait.ts";

/** Where Chrome and Chromium are, on Linux, macOS and Windows. */
const INSTALLED = [
  ...["/usr/bin/chromium", "/usr/bin/google-chrome", "/usr/bin/google-chrome-stable"],
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  ...[process.env.PROGRAMFILES, process.env["PROGRAMFILES(X86)"], process.env.LOCALAPPDATA]
    .filter((folder) => folder !== undefined)
    .map((folder) => join(folder, "Google/Chrome/Application/chrome.exe")),
];

const ARGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
];

/**
 * Where a browser is: an installed Chrome or Chromium, or else the one that comes as a package for Linux, which unpacks itself.
 * @throws {@link Error} with a sentence where there is neither
 */
export async function findBrowser(): Promise<string> {
  const installed = INSTALLED.find((path) => existsSync(path));
  if (installed) return installed;
  if (process.platform !== "linux") throw new Error("Install Google Chrome: the tests in a browser found none.");
  const { default: packaged } = await import("@sparticuz/chromium");
  return packaged.executablePath();
}

/** A page of its own in a browser: each of its waits is bounded as those of all tests are. */
export async function openTab(browser: Browser, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(WAIT);
  return context.newPage();
}

/** Starts a browser. The package's own arguments are left out: with them it is one process, which falls at times. */
export const launchBrowser = async (): Promise<Browser> =>
  chromium.launch({ executablePath: await findBrowser(), args: ARGS });
