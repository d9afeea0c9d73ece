import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { WAIT } from "../support/wait.ts";

/** Where Chrome and Chromium are installed, on Linux, macOS and Windows. */
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
 * The path of a browser: an installed Chrome or Chromium, else the packaged one for Linux, which unpacks itself.
 * @throws {@link Error} where there is neither
 */
export async function findBrowser(): Promise<string> {
  const installed = INSTALLED.find((path) => existsSync(path));
  if (installed) return installed;
  if (process.platform !== "linux") throw new Error("Install Google Chrome: the tests in a browser found none.");
  const { default: packaged } = await import("@sparticuz/chromium");
  return packaged.executablePath();
}

/** Opens a page in a context of its own. Its waits have the time limit of all tests. */
export async function openTab(browser: Browser, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(WAIT);
  return context.newPage();
}

/** Starts a browser. Without the package's default arguments, which make it a single process that crashes at times. */
export const launchBrowser = async (): Promise<Browser> =>
  chromium.launch({ executablePath: await findBrowser(), args: ARGS });

let shared: Promise<Browser> | undefined;

/**
 * Opens a page in a context of its own, in the browser that all test files of a worker use one after the other. Who opens it closes its
 * context; the browser ends with the worker.
 */
export async function openOwnTab(options: BrowserContextOptions = {}): Promise<Page> {
  shared ??= launchBrowser();
  // One that crashed in an earlier test must not fail the next.
  if (!(await shared).isConnected()) shared = launchBrowser();
  return openTab(await shared, options);
}

/** Ends the browser of {@link openOwnTab} in a program that ends by itself, unlike a worker. */
export async function closeBrowser(): Promise<void> {
  const browser = await shared;
  shared = undefined;
  await browser?.close();
}
