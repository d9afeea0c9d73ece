import { mkdir } from "node:fs/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { NamedOperation } from "../../scripts/document.ts";
import { paths } from "../../scripts/paths.ts";
import { operations } from "../document.ts";
import { launchBrowser } from "./browser.ts";

const screenshots = fileURLToPath(new URL("./screenshots", import.meta.url));
const page = pathToFileURL(`${paths.docs}/index.html`).href;

let browser: Browser;
beforeAll(async () => {
  await mkdir(screenshots, { recursive: true });
  browser = await launchBrowser();
});
afterAll(() => browser?.close());

/** The reference opened from its folder, with what it asked for and what it complained about. */
async function open(colorScheme: "light" | "dark", anchor = "") {
  const context = await browser.newContext({ colorScheme, viewport: { width: 1280, height: 800 } });
  context.setDefaultTimeout(8_000);
  const tab = await context.newPage();
  const requests: string[] = [];
  const complaints: string[] = [];
  tab.on("request", (request) => requests.push(request.url()));
  tab.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  tab.on("pageerror", (error) => complaints.push(error.message));
  await tab.goto(`${page}${anchor}`);
  return { tab, requests, complaints };
}

const heading = (tab: Page, text: string) => tab.locator("h1, h2, h3").filter({ hasText: text }).first();

const anchorOf = ({ resource, id }: NamedOperation) => `#/${resource}/${id.toLowerCase()}`;

test.each(["light", "dark"] as const)("the reference opens offline in %s and asks no other host", async (scheme) => {
  const { tab, requests, complaints } = await open(scheme);
  await heading(tab, "Customers").waitFor();
  // Redocly's logo comes only once the page has been taken over by its script.
  await tab.getByAltText("redocly logo").waitFor();
  await tab.screenshot({ path: `${screenshots}/reference-${scheme}.png` });
  expect(requests.filter((url) => !/^(file|data|blob):/.test(url))).toEqual([]);
  expect(complaints).toEqual([]);
  await tab.close();
});

test("every operation stands under an anchor that its id names", async () => {
  const { tab } = await open("light");
  for (const operation of operations) {
    await tab.goto(`${page}${anchorOf(operation)}`);
    await heading(tab, operation.operation.summary).waitFor();
  }
  await tab.close();
});

test("the known values of an open enum are shown", async () => {
  const { tab } = await open("light", "#/subscriptions/subscriptions_get");
  await heading(tab, "Get a subscription").waitFor();
  await tab.getByText("extensible-enum").first().waitFor();
  await tab.screenshot({ path: `${screenshots}/operation.png` });
  const text = await tab.evaluate(() => document.body.textContent);
  expect(text).toMatch(/extensible-enum:\s*\["pending","active"/);
  await tab.close();
});
