import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Mock, startMock } from "@imcloud/mock";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { axeViolations, type Rules } from "../browser/axe.ts";
import { isNightly } from "../support/nightly.ts";
import { type Desk, screenshots, startDesk } from "./desk.ts";

let desk: Desk;
beforeAll(async () => {
  desk = await startDesk();
}, 60_000);
afterAll(() => desk?.close());

const button = (page: Page, name: string | RegExp) => page.getByRole("button", { name, exact: true });
const heading = (page: Page, name: string | RegExp) => page.getByRole("heading", { name });

/** Fills in the activation parameters, round by round, until the marketplace accepts them. */
async function fillActivationParameters(page: Page): Promise<void> {
  await page.getByLabel("Tenant preference").selectOption("new");
  await button(page, "Check").click();
  await page.getByLabel("Microsoft domain").fill("no domain");
  await page.getByLabel("Mca acceptance").selectOption({ index: 1 });
  await page.getByLabel("Agreement date").fill("2026-10-05");
  await page.getByLabel("First name agreement").fill("Signe");
  await page.getByLabel("Last name agreement").fill("Exempelsson");
  await page.getByLabel("Email address agreement").fill("signe@brightwater.example");
  await page.getByLabel(/attestation accepted/).check();
  await button(page, "Check").click();
  await expect.poll(() => page.getByLabel("Microsoft domain").getAttribute("aria-invalid")).toBe("true");
  await page.getByLabel("Microsoft domain").fill("brightwater.onmicrosoft.com");
  await button(page, "Check").click();
  await page.getByText("The marketplace takes all of it.").waitFor();
}

/** Fills in an order, up to the last button. */
async function prepareOrder(page: Page): Promise<void> {
  await page.getByLabel("Search products").fill("NWB-1001");
  await page.getByRole("button", { name: /Nimbus Workspace Business/ }).click();
  await page.getByLabel("Seats", { exact: true }).fill("4");
  await fillActivationParameters(page);
  await button(page, "Continue").click();
  await page.getByText("Total with tax").waitFor();
}

/** Saves a screenshot, at night or with `SCREENSHOTS=1`. */
async function picture(page: Page, name: string): Promise<void> {
  if (isNightly || process.env.SCREENSHOTS) await page.screenshot({ path: join(screenshots, name) });
}

describe("cloud desk", () => {
  test("searches customers, reads more of them as one scrolls, and is used by the keyboard alone", async () => {
    const { page, errors, requests, close } = await desk.open("customers");
    await page.getByText("50 of 502 customers").waitFor();
    await page
      .getByRole("link", { name: /Kestrel Metals/ })
      .first()
      .focus();
    await page.locator(".list").evaluate((list) => list.scrollTo(0, list.scrollHeight));
    await page.getByText("100 of 502 customers").waitFor();
    await page.getByLabel("Search customers").focus();
    await page.keyboard.type("brightwater");
    await page.getByText("1 of 1 customers").waitFor();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await heading(page, "Brightwater Dental Group").waitFor();
    await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe("H1");
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("New order");
    await page.keyboard.press("Enter");
    await heading(page, "New order").waitFor();
    expect(requests()).toEqual([]);
    expect(errors).toEqual([]);
    await close();
  });

  test("places an order step by step, and the clock completes it", async () => {
    const { page, errors, close } = await desk.open("customers/1002101/order");
    await prepareOrder(page);
    await picture(page, "order-estimate.png");
    await button(page, "Place the order").click();
    await heading(page, /^SO/).waitFor();
    await button(page, "+10 s").click();
    await page.locator("main .status").getByText("completed").waitFor();
    await page.getByRole("link", { name: "Back to Brightwater Dental Group" }).click();
    await page.getByText("4 seats").waitFor();
    expect(errors).toEqual([]);
    await close();
  });

  test("places one order although its response is lost", async () => {
    const { page, close } = await desk.open("customers/1002101/order");
    await prepareOrder(page);
    const number = await page.getByLabel("Purchase order number").inputValue();
    await page.getByText("Faults and calls").click();
    await page.getByLabel("What happens").selectOption({ label: "Next order: response is lost" });
    await button(page, "Add fault").click();
    await page.getByText("Faults and calls").click();
    await button(page, "Place the order").click();
    await heading(page, /^SO/).waitFor();
    await page.getByText(number).waitFor();
    const created = async () =>
      (await page.locator(".log li").allTextContents()).filter((call) => call.includes("orders_create"));
    await expect.poll(created).toEqual(["504 orders_create"]);
    await close();
  });

  test("changes the seats of a subscription", async () => {
    const { page, errors, close } = await desk.open("customers/1002101");
    await button(page, "Change seats of Nimbus Workspace Business").click();
    await page.getByLabel("Seats in all").fill("35");
    await button(page, "Add 5 seats").click();
    await page.getByText("The change is ordered.").waitFor();
    await button(page, "+10 s").click();
    await page.getByText(/^35 seats since order/).waitFor();
    await page.getByText(/^35 seats ·/).waitFor();
    expect(errors).toEqual([]);
    await close();
  });

  test("runs a report and downloads it", async () => {
    const { page, errors, close } = await desk.open("reports");
    await page.getByLabel("Report", { exact: true }).selectOption("Subscription Resources");
    await button(page, "Run report").click();
    await page.getByText("The report is submitted").waitFor();
    await button(page, "+1 hour").click();
    await page.getByText("Subscription Resources is ready.").waitFor();
    const coming = page.waitForEvent("download");
    await page
      .locator(".done")
      .getByRole("button", { name: /Download/ })
      .click();
    const download = await coming;
    expect(download.suggestedFilename()).toBe("Subscription Resources.csv");
    const lines = (await readFile(await download.path(), "utf8")).split("\n");
    expect(lines[0]).toContain(",");
    expect(lines.length).toBeGreaterThan(10);
    // Visually hidden text must not make the page longer than the screen.
    expect(await page.evaluate(() => document.documentElement.scrollHeight)).toBe(900);
    expect(errors).toEqual([]);
    await close();
  });

  test("says what went wrong, and can try again", async () => {
    const { page, close } = await desk.open("customers");
    await page.getByText("50 of 502 customers").waitFor();
    await page.getByText("Faults and calls").click();
    await page.getByLabel("What happens").selectOption({ label: "All calls: proxy gives up" });
    await button(page, "Add fault").click();
    await button(page, "Clear").click();
    expect(await page.getByRole("list", { name: "Faults to come" }).textContent()).toBe("");
    await page.goto(page.url().replace(/#.*/, "#/customers/999"));
    await page
      .getByRole("alert")
      .getByText(/404|400/)
      .waitFor();
    await button(page, "Try again").click();
    await page.getByRole("alert").waitFor();
    // On a phone, where the list is not beside it, this leads back.
    expect(await page.locator("a.back").getAttribute("href")).toBe("#/customers");
    await close();
  });

  test("keeps the chosen theme", async () => {
    const { page, close } = await desk.open("customers", { colorScheme: "light" });
    await button(page, "Theme: as the system").click();
    await button(page, "Theme: light").click();
    await page.reload();
    await button(page, "Theme: dark").waitFor();
    expect(await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme)).toBe("dark");
    await close();
  });

  test("says what is wrong with an invalid address", async () => {
    const { page, close } = await desk.open("customers", { search: "?api=nowhere" });
    await page
      .getByRole("alert")
      .getByText(/baseUrl|Invalid URL/)
      .waitFor();
    expect(await axeViolations(page, "all")).toEqual([]);
    await close();
  });
});

/** Every view, with a text that shows when it is complete. Only samples are checked outside of the nightly run. */
const VIEWS: [route: string, ready: string, isSample?: boolean][] = [
  ["customers", "50 of 502 customers"],
  ["customers/1002101", "Signe Exempelsson", true],
  ["customers/1002101/order", "NWB-1001-M"],
  ["orders/900301", "T-1001"],
  ["reports", "Made before"],
];
const views = VIEWS.filter(([, , isSample]) => isSample || isNightly);

type Scheme = "light" | "dark";

/** The loads of a view, by what each is looked at in: in the dark it has only other colors, so that it is recolored; every night it is loaded. */
const LOADS: Scheme[][] = isNightly ? [["light"], ["dark"]] : [["light", "dark"]];

/** In the dark only the colors are others, and on a phone only the places; every night all is looked at. */
function rulesAt(width: number, colorScheme: Scheme): Rules {
  if (isNightly) return "all";
  if (colorScheme === "dark") return "colors";
  return width === 360 ? "all but colors" : "all";
}

async function lookAt(page: Page, route: string, colorScheme: Scheme): Promise<void> {
  await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
  for (const [width, height] of [
    [1440, 900],
    [768, 1024],
    [360, 800],
  ] as const) {
    await page.setViewportSize({ width, height });
    // The page's parts scroll; the page itself must not.
    expect([width, await page.evaluate(() => document.documentElement.scrollHeight)]).toEqual([width, height]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    await picture(page, `${route.replaceAll("/", "-")}-${colorScheme}-${width}.png`);
    if (width === 1440 || (width === 360 && (isNightly || colorScheme === "light"))) {
      expect(await axeViolations(page, rulesAt(width, colorScheme))).toEqual([]);
    }
  }
  const controls = page.getByText("Faults and calls");
  await controls.click();
  await picture(page, `${route.replaceAll("/", "-")}-${colorScheme}-faults.png`);
  expect(await axeViolations(page, rulesAt(768, colorScheme), ".control-bar")).toEqual([]);
  await controls.click();
}

test.each(views)(
  "%s has no axe violations and does not overflow at 360, 768 and 1440 px, in light and dark",
  async (route, ready) => {
    for (const schemes of LOADS) {
      const { page, errors, close } = await desk.open(route, { colorScheme: schemes[0] as Scheme });
      await page.getByText(ready).first().waitFor();
      await expect.poll(() => page.locator(".loading").count()).toBe(0);
      for (const scheme of schemes) await lookAt(page, route, scheme);
      expect(errors).toEqual([]);
      await close();
    }
  },
);

describe("?api=", () => {
  let mock: Mock;
  beforeAll(async () => {
    mock = await startMock({ port: 0 });
  });
  afterAll(() => mock?.close());

  test("connects the same app to a server", async () => {
    const { page, errors, close } = await desk.open("customers", { search: `?api=${encodeURIComponent(mock.url)}` });
    await page.getByText("2 of 2 customers").waitFor();
    await page.getByRole("link", { name: /Brightwater Dental Group/ }).click();
    await heading(page, "Brightwater Dental Group").waitFor();
    await page.getByText("30 seats").waitFor();
    expect(mock.requests({ operation: "customers_get" })).toHaveLength(1);
    expect(mock.requests().flatMap(({ problems }) => problems)).toEqual([]);
    expect(await page.getByRole("link", { name: "its own page" }).getAttribute("href")).toBe(
      new URL("/", mock.url).href,
    );
    expect(errors).toEqual([]);
    await close();
  });
});
