import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { eachField, operationModels } from "@imcloud/openapi-tools/reference";
import { samplesOf } from "@imcloud/openapi-tools/samples";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { paths } from "../../scripts/paths.ts";
import { document } from "../support/document.ts";
import { isNightly } from "../support/nightly.ts";
import { emptyHidden, settledAxeViolations, show, VISITS, type View } from "./axe.ts";
import { chooseExample, pages, type Site, source, startSite } from "./site.ts";

const models = operationModels(document);
const samples = samplesOf(document);
const pageOf = (id: string) => `operations/${id}.html`;

let site: Site;
beforeAll(async () => {
  site = await startSite();
});
beforeEach(() => site.mock.reset());
afterAll(() => site?.close());

describe("operations/<id>.html", () => {
  test.each(models.map(({ id }) => id))("%s is under 60 kB gzipped", (id) => {
    expect(gzipSync(source(pageOf(id))).length).toBeLessThan(60_000);
  });

  /** Every night all; else the two longest, as no other is taller, and the shortest. */
  const tallest = models
    .map(({ id }) => id)
    .sort((one, other) => source(pageOf(other)).length - source(pageOf(one)).length)
    .filter((_, place, { length }) => isNightly || place < 2 || place === length - 1);

  test("is never taller than 15,000 px at 1,440", async () => {
    const { tab, close } = await site.open("404.html", { viewport: { width: 1440, height: 900 } });
    for (const id of tallest) {
      await tab.goto(`${site.url}${pageOf(id)}`);
      const { height, width } = await tab.evaluate(() => {
        const { scrollHeight, scrollWidth } = window.document.documentElement;
        return { height: scrollHeight, width: scrollWidth };
      });
      expect({ id, isFlat: height < 15_000, width }).toEqual({ id, isFlat: true, width: 1440 });
    }
    await close();
  });

  test.each(models)("$id has an anchor for each field, and shows the document's description of it", (model) => {
    const html = source(pageOf(model.id)).replaceAll('<code data-whole="">', "<code>");
    const fields = [
      ...model.parameterGroups.flatMap((group) => group.fields),
      ...(model.request?.fields ?? []),
      ...model.success.headers,
      ...model.success.fields,
    ];
    for (const { anchor, required, deprecated, values } of eachField(fields)) {
      const start = html.indexOf(`id="${anchor}"`);
      expect(start, anchor).toBeGreaterThan(0);
      const told = html.slice(start, html.indexOf('<li class="field">', start));
      expect(told.includes('class="required"'), anchor).toBe(required);
      expect(told.includes('class="deprecated"'), anchor).toBe(deprecated);
      for (const value of values) expect(told, anchor).toContain(`<code>${value}</code>`);
    }
  });

  test("unfolds the field that the address names", async () => {
    const { tab, close } = await site.open(`${pageOf("orders_create")}#request-products-parameters-name`);
    const field = tab.locator("#request-products-parameters-name");
    await field.waitFor();
    expect(await field.isVisible()).toBe(true);
    await close();
  });
});

/** The sample that is visible now. */
const shownSample = (tab: Page) => tab.locator(".sample").filter({ visible: true });

describe("operations/<id>.html, samples", () => {
  test("are those of the example and the language that are chosen, without JavaScript too", async () => {
    const { tab, close } = await site.open(pageOf("orders_create"), { javaScriptEnabled: false });
    const shown = await tab.evaluate(() => {
      const inputs = (name: string) => window.document.querySelectorAll<HTMLInputElement>(`.calls input[name=${name}]`);
      /** The text of what is visible, as one sample's lines. */
      const visible = () =>
        [...window.document.querySelectorAll(".calls .sample")]
          .filter((sample) => sample.checkVisibility())
          .map((sample) => [...sample.querySelectorAll(".ec-line")].map((line) => line.textContent?.trimEnd()));
      return [...inputs("example")].flatMap((example) => {
        example.checked = true;
        return [...inputs("language")].map((language) => {
          language.checked = true;
          const summary = example.labels?.[0]?.textContent?.trim();
          return { summary, lang: language.value, visible: visible() };
        });
      });
    });
    const all = (samples.get("orders_create") ?? []).flatMap(({ summary, samples: ofExample }) =>
      ofExample.map(({ lang, source: sample }) => ({
        ...{ summary, lang },
        visible: [sample.split("\n").map((line) => line.trimEnd())],
      })),
    );
    const inOrder = (list: { summary?: string | undefined; lang: string }[]) =>
      list.toSorted((one, other) => `${one.summary} ${one.lang}`.localeCompare(`${other.summary} ${other.lang}`));
    expect(inOrder(shown)).toEqual(inOrder(all));
    // By a reader's clicks, one of them.
    const last = samples.get("orders_create")?.at(-1);
    await chooseExample(tab, String(last?.summary));
    await tab.locator(".languages label", { hasText: "Python" }).click();
    expect(await shownSample(tab).count()).toBe(1);
    expect(await shownSample(tab).getAttribute("data-sample-language")).toBe("Python");
    expect(await shownSample(tab).getAttribute("data-example")).toBe(
      String((samples.get("orders_create") ?? []).length - 1),
    );
    await close();
  });

  test("keep the chosen language from page to page, and in the guides", async () => {
    const { tab, close } = await site.open(pageOf("customers_create"));
    await tab.locator(".languages label", { hasText: "Python" }).click();
    await tab.goto(`${site.url}${pageOf("customers_list")}`);
    expect(await shownSample(tab).getAttribute("data-sample-language")).toBe("Python");
    await tab.goto(`${site.url}index.html`);
    expect(await tab.getByRole("tab", { name: "Python", selected: true }).count()).toBeGreaterThan(0);
    await close();
  });

  test("stay in view while the fields are read", async () => {
    const { tab, close } = await site.open(pageOf("orders_create"), { viewport: { width: 1440, height: 900 } });
    await tab.evaluate(() => window.scrollTo(0, 3_000));
    const box = await tab.locator(".calls").boundingBox();
    expect(box?.y).toBeGreaterThan(0);
    expect(box?.y).toBeLessThan(200);
    await close();
  });

  test("come with the shell's variables, for the running mock or for the reader's own connection", async () => {
    const { tab, close } = await site.open(pageOf("customers_create"));
    const setup = tab.locator("[data-shell=sh]");
    await expect.poll(() => setup.textContent()).toContain(`export IMCLOUD_BASE_URL='${site.mock.url}'`);
    await tab.getByRole("button", { name: "Send it" }).click();
    await tab.getByLabel("Send to").selectOption("own");
    await tab.getByLabel("Base URL").fill("https://api.example/marketplace/eu");
    await tab.getByLabel("Marketplace").fill("de");
    await tab.getByLabel(/^Token/).fill("a-token-of-mine");
    await tab.keyboard.press("Tab");
    await expect.poll(() => setup.textContent()).toContain("export IMCLOUD_TOKEN='a-token-of-mine'");
    expect(await tab.evaluate(() => localStorage.getItem("imcloud-settings"))).not.toContain("a-token-of-mine");
    await tab.reload();
    await expect
      .poll(() => setup.textContent())
      .toContain("export IMCLOUD_BASE_URL='https://api.example/marketplace/eu'");
    await expect.poll(() => setup.textContent()).toContain("export IMCLOUD_TOKEN='a-token-of-mine'");
    await tab.getByRole("button", { name: "Send it" }).click();
    await tab.getByRole("button", { name: "Forget it" }).click();
    await expect.poll(() => setup.textContent()).toContain(`export IMCLOUD_BASE_URL='${site.mock.url}'`);
    const kept = await tab.evaluate(() =>
      [localStorage, sessionStorage].map((each) => each.getItem("imcloud-settings")),
    );
    expect(kept).toEqual([null, null]);
    await close();
  });
});

const response = (tab: Page) => tab.getByRole("region", { name: "Response" });

describe("operations/<id>.html, console", () => {
  test("sends the chosen example to the running mock, and then meets the faults that are chosen", async () => {
    const { tab, consoleErrors, close } = await site.open(pageOf("orders_create"));
    await chooseExample(tab, "Cancel a subscription");
    await tab.getByRole("button", { name: "Send it" }).click();
    await tab.getByRole("button", { name: "Send", exact: true }).click();
    await response(tab).getByText("200").first().waitFor();
    expect(site.mock.requests().at(-1)).toMatchObject({ operation: "orders_create", status: 200 });
    await tab.getByRole("button", { name: /Move the clock on/ }).click();
    await response(tab).getByText('"status": "completed"').waitFor();
    await tab.getByRole("button", { name: "Meet a 429" }).click();
    await response(tab).getByText("429").first().waitFor();
    await tab.getByRole("button", { name: "Meet a 504" }).click();
    await response(tab).getByText("504").first().waitFor();
    await tab.getByRole("button", { name: "Reset the data" }).click();
    await response(tab).getByText("as they were at the start").waitFor();
    // A browser logs failed responses on its console.
    expect(consoleErrors.filter((error) => !/status of (429|504)/.test(error))).toEqual([]);
    await close();
  });

  test.each([360, 768])("comes into view when it is opened from above, at %i px", async (width) => {
    const { tab, close } = await site.open(pageOf("customers_create"), { viewport: { width, height: 640 } });
    await tab.getByRole("button", { name: "Send it" }).first().click();
    const isFirstInView = () =>
      tab.evaluate(() => {
        const { top, bottom } = window.document.activeElement?.getBoundingClientRect() ?? { top: -1, bottom: -1 };
        return (
          window.document.activeElement?.getAttribute("name") === "body" && top > 56 && bottom < window.innerHeight
        );
      });
    await expect.poll(isFirstInView).toBe(true);
    await close();
  });

  test("works from a folder, in a sandbox, without a call to any host", async () => {
    const file = pathToFileURL(join(paths.docs, pageOf("orders_create"))).href;
    const { tab, requests, consoleErrors, close } = await site.open(file);
    await tab.getByRole("button", { name: "Send it" }).click();
    await tab.getByRole("button", { name: "Send", exact: true }).click();
    await response(tab).getByText("from the sandbox in this page").waitFor();
    await tab.getByRole("button", { name: /Move the clock on/ }).click();
    await response(tab).getByText('"status": "completed"').waitFor();
    expect(requests.filter((url) => !/^(file|data|blob):/.test(url))).toEqual([]);
    expect(consoleErrors).toEqual([]);
    await close();
  });

  test("signs in with a user name and a password at /token itself", async () => {
    const { tab, close } = await site.open(`${pageOf("token_create")}#send`);
    await tab.getByRole("button", { name: "Send", exact: true }).click();
    await response(tab).getByText('"expiresInSeconds"').waitFor();
    expect(site.mock.requests().map(({ operation, status }) => ({ operation, status }))).toEqual([
      { operation: "token_create", status: 200 },
    ]);
    await close();
  });

  test("says what to correct instead of sending an invalid request", async () => {
    const { tab, close } = await site.open(`${pageOf("orders_create")}#send`);
    await tab.getByLabel("Body").fill('{ "type": sales }');
    await tab.getByRole("button", { name: "Send", exact: true }).click();
    await tab.getByText(/^The body is not JSON: /).waitFor();
    await tab.goto(`${site.url}${pageOf("orders_get")}#send`);
    await tab.getByLabel(/^id/).fill("");
    await tab.getByRole("button", { name: "Send", exact: true }).click();
    await tab.getByText("id is part of the path: fill it in.").waitFor();
    await tab.getByLabel(/^id/).fill("900301");
    await tab.getByLabel("Send to").selectOption("own");
    await tab.getByLabel("Base URL").fill("http://api.example/marketplace");
    await tab.getByRole("button", { name: "Send", exact: true }).click();
    await tab.getByText(/needs a base URL that begins with https:\/\//).waitFor();
    expect(site.mock.requests()).toEqual([]);
    await close();
  });

  test("says how to start a mock that does not run", async () => {
    const { tab, close } = await site.open("index.html");
    await tab.route("**/console/mock.js", (route) =>
      route.fulfill({
        contentType: "text/javascript",
        body: 'window.imcloud = { mock: { url: "http://127.0.0.1:9/marketplace", credentials: {}, isServed: true } };',
      }),
    );
    await tab.goto(`${site.url}${pageOf("customers_list")}#send`);
    await tab.getByRole("button", { name: "Send", exact: true }).click();
    await tab.getByText(/No mock responds at http:\/\/127\.0\.0\.1:9\/marketplace\. Start it with npm start/).waitFor();
    await close();
  });

  test("is used by keyboard alone, from finding an operation to reading the response, in under 20 keys", async () => {
    const { tab, close } = await site.open("index.html");
    let keys = 0;
    const press = async (key: string) => {
      keys += 1;
      await tab.keyboard.press(key);
    };
    await press("Control+k");
    for (const letter of "list cu") await press(letter === " " ? "Space" : letter);
    await tab.locator("dialog[open] a", { hasText: "List customers" }).first().waitFor();
    await press("Enter");
    await tab.getByRole("heading", { level: 1, name: "List customers" }).waitFor();
    await tab.waitForLoadState("load");
    // The second skip link opens the console, at the first value that can be changed.
    await press("Tab");
    await press("Tab");
    expect(await tab.evaluate(() => window.document.activeElement?.textContent?.trim())).toBe("Skip to Send it");
    await press("Enter");
    await press("l");
    await press("Enter");
    await response(tab).getByText("200").first().waitFor();
    expect(await tab.evaluate(() => window.document.activeElement?.getAttribute("aria-label"))).toBe("Response");
    expect(keys).toBeLessThan(16);
    console.log(`Found, changed, sent and read with ${keys} keys.`);
    await close();
  });

  test("signs in again when the clock was moved past the token's expiry", async () => {
    const { tab, close } = await site.open(`${pageOf("orders_create")}#send`);
    await tab.getByRole("button", { name: "Send", exact: true }).click();
    await response(tab).getByText("200").first().waitFor();
    await site.mock.advance(3_600_000);
    await tab.getByRole("button", { name: /Move the clock on/ }).click();
    await response(tab).getByText('"status": "completed"').waitFor();
    await close();
  });

  test("has no keyboard trap: Tab leaves every field", async () => {
    const { tab, close } = await site.open(`${pageOf("customers_create")}#send`);
    const body = tab.getByLabel("Body");
    await body.focus();
    await tab.keyboard.press("Tab");
    expect(await tab.evaluate(() => window.document.activeElement?.textContent)).toBe("Send");
    await close();
  });

  test("has no axe violations with a response, in light and dark, at 1,440, 768 and 360 px", async () => {
    for (const views of VISITS) {
      const { tab, close } = await site.open(`${pageOf("orders_create")}#send`);
      await show(tab, views[0] as View);
      await tab.getByLabel("Send to").selectOption("own");
      await tab.getByLabel("Send to").selectOption("mock");
      await tab.getByRole("button", { name: "Send", exact: true }).click();
      await response(tab).getByText("200").first().waitFor();
      if (!isNightly) await emptyHidden(tab);
      for (const view of views) {
        await show(tab, view);
        expect(await settledAxeViolations(tab, view.rules, "imcloud-calls")).toEqual([]);
        const width = await tab.evaluate(() => window.document.documentElement.scrollWidth);
        expect(width).toBeLessThanOrEqual(view.width);
      }
      await close();
    }
  });
});

describe("errors/<id>.html", () => {
  const errorPages = pages.filter((page) => page.startsWith("errors/"));
  const statusOf = (page: string) =>
    /class="status">(\d+)</.exec(source(page))?.[1] ?? /errors\/(\d+)\.html/.exec(page)?.[1];

  /** The part of a page that makes its error happen. Each is tried in one page, as it is in its own; every night in its own. */
  const demoOf = (page: string) => /<imcloud-demo .*?<\/imcloud-demo>/s.exec(source(page))?.[0];

  test("shows its error in the sandbox of the page", async () => {
    expect(errorPages.length).toBeGreaterThan(10);
    const { tab, requests, close } = await site.open(String(errorPages[0]));
    for (const page of errorPages) {
      if (isNightly) await tab.goto(`${site.url}${page}`);
      else await tab.locator("imcloud-demo").evaluate((shown, demo) => (shown.outerHTML = demo), String(demoOf(page)));
      await tab.getByRole("button", { name: "Make it happen" }).click();
      const status = response(tab).locator("strong");
      await status.waitFor();
      expect(`${page} ${await status.textContent()}`).toMatch(new RegExp(`^${page} ${statusOf(page)}\\b`));
    }
    expect(site.mock.requests()).toEqual([]);
    expect(requests.filter((url) => !url.startsWith(site.url))).toEqual([]);
    await close();
  });

  test("exists for each error of the document", () => {
    const known = models.flatMap(({ errors }) => errors);
    const index = readFileSync(join(paths.docs, "errors.html"), "utf8");
    for (const status of new Set(known.map((error) => error.status))) expect(index).toContain(`id="status-${status}"`);
    const shown = models
      .flatMap(({ errors }) => errors)
      .flatMap(({ examples }) => examples)
      .map(({ value }) => (value as { message?: string }).message)
      .filter((message) => message !== undefined);
    const texts = [...index.matchAll(/href="(errors\/[\w-]+\.html)"/g)].map(([, page]) => source(String(page)));
    for (const message of new Set(shown)) {
      expect(
        texts.some((text) => text.includes(message)),
        message,
      ).toBe(true);
    }
  });
});
