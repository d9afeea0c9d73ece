import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { paths } from "../../scripts/paths.ts";
import { type Site, source, startSite } from "./site.ts";

let site: Site;
beforeAll(async () => {
  site = await startSite();
});
afterAll(() => site?.close());

describe("index.html", () => {
  test("sends requests to the mock in the page, and nothing leaves it", async () => {
    const address = pathToFileURL(join(paths.docs, "index.html")).href;
    const { tab, requests, consoleErrors, close } = await site.open(address);
    const state = tab.locator(".run-state");
    const send = tab.getByRole("button", { name: "Send", exact: true });
    for (const [choice, status, text] of [
      ["List customers", "200 OK", "Brightwater Dental Group"],
      ["Price 25 seats", "200 OK", '"extendedPrice"'],
      ["Meet an error", "404 Error", '"correlationId"'],
      ["Place an order", "200 OK", '"status": "submitted"'],
    ]) {
      await tab.getByRole("radio", { name: String(choice) }).check();
      await send.click();
      await state.getByText(String(status)).waitFor();
      expect(await tab.locator(".run-response").textContent()).toContain(text);
    }
    await tab.getByRole("button", { name: "Move the clock" }).click();
    await tab.locator(".run-response").getByText('"status": "completed"').waitFor();
    expect(requests.filter((url) => !/^(file|data|blob):/.test(url))).toEqual([]);
    expect(consoleErrors).toEqual([]);
    await close();
  });

  test("sends a request by keyboard alone, in under 20 keys", async () => {
    const { tab, close } = await site.open("index.html");
    let keys = 0;
    for (; keys < 20; keys += 1) {
      if (await tab.evaluate(() => window.document.activeElement?.classList.contains("run-send"))) break;
      await tab.keyboard.press("Tab");
    }
    await tab.keyboard.press("Enter");
    await tab.locator(".run-state").getByText("200 OK").waitFor();
    expect(keys + 1).toBeLessThan(20);
    await close();
  });
});

describe("guides/<name>.html", () => {
  test("shows a call in the language that was chosen, on every page", async () => {
    const { tab, consoleErrors, close } = await site.open("guides/customers.html");
    const first = tab.locator("sample-tabs").first();
    await first.getByRole("tab", { name: "Python" }).click();
    const shown = () =>
      tab
        .locator("sample-tabs [role=tabpanel]:visible pre")
        .evaluateAll((blocks) => blocks.map((block) => block.getAttribute("data-language")));
    expect(new Set(await shown())).toEqual(new Set(["python"]));
    await tab.keyboard.press("ArrowRight");
    expect(new Set(await shown())).toEqual(new Set(["powershell"]));
    await tab.goto(`${site.url}guides/selling.html`);
    await tab.locator("sample-tabs [role=tab]").first().waitFor();
    expect(new Set(await shown())).toEqual(new Set(["powershell"]));
    expect(consoleErrors).toEqual([]);
    await close();
  });

  test("has every language without JavaScript", async () => {
    const { tab, close } = await site.open("guides/customers.html", { javaScriptEnabled: false });
    for (const language of ["ts", "sh", "python", "powershell"])
      expect(await tab.locator(`sample-tabs pre[data-language=${language}]`).first().isVisible()).toBe(true);
    await close();
  });

  test("is copied as Markdown", async () => {
    const { tab, close } = await site.open("guides/customers.html", {
      permissions: ["clipboard-read", "clipboard-write"],
    });
    await tab.getByRole("button", { name: "Copy page" }).click();
    await tab.getByRole("button", { name: "Copied" }).waitFor();
    expect(await tab.evaluate(() => navigator.clipboard.readText())).toBe(source("guides/customers.md"));
    await close();
  });

  test("draws notes as boxes", () => {
    for (const [page, kind] of [
      ["guides/renewals.html", "caution"],
      ["guides/paging.html", "danger"],
      ["guides/selling.html", "note"],
    ])
      expect(source(String(page))).toContain(`starlight-aside--${kind}`);
  });
});
