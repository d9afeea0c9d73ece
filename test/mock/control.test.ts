import { request } from "node:http";
import type { Mock } from "@imcloud/mock";
import type { Page } from "playwright-core";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openOwnTab } from "../browser/browser.ts";
import { sale, sandbox } from "./sandbox.ts";

/** A control call. */
async function control(mock: Mock, method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(new URL(`/__mock${path}`, mock.url), {
    method,
    headers: { ...(body !== undefined && { "content-type": "application/json" }), ...headers },
    body: body === undefined ? null : JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

describe("/__mock", () => {
  test("returns the mock's state and its requests", async () => {
    const { mock, imcloud } = await sandbox();
    await imcloud.customers.get("999").catch(() => {});
    const state = await control(mock, "GET", "/state");
    expect(state.body).toMatchObject({
      ...{ url: mock.url, size: "small", seed: 42, time: "2026-10-05T12:00:00.000Z", speed: 0, stateless: false },
      counts: { customers: 2, orders: 3, subscriptions: 2 },
    });
    const { requests } = (await control(mock, "GET", "/requests")).body as { requests: object[] };
    expect(requests.at(-1)).toMatchObject({
      ...{ method: "GET", path: "/customers/999", operation: "customers_get", status: 404 },
      ...{ problems: ["No customer was found with id 999"], faults: [] },
    });
    expect(JSON.stringify(requests)).not.toMatch(/Bearer|demo-subscription-key|demo-password/);
  });

  test("lists the requests of one operation", async () => {
    const { mock, imcloud } = await sandbox();
    await imcloud.customers.list();
    await imcloud.plans.list();
    const { body } = await control(mock, "GET", "/requests?operation=plans_list");
    expect(body.requests).toMatchObject([{ operation: "plans_list" }]);
  });

  test("resets, advances the clock, adds faults, saves and restores", async () => {
    const { mock, imcloud } = await sandbox();
    await control(mock, "POST", "/snapshots", { name: "start" });
    const { id } = await imcloud.orders.create(sale(1));
    await control(mock, "POST", "/clock", { advance: 10_000 });
    expect(await imcloud.orders.get(id)).toMatchObject({ status: "completed" });
    await control(mock, "POST", "/faults", [{ kind: "conflict", operation: "orders_get", count: 1 }]);
    await expect(imcloud.orders.get(id)).rejects.toMatchObject({ status: 500 });
    expect((await control(mock, "GET", "/faults")).body).toEqual({ faults: [] });
    await control(mock, "POST", "/snapshots/restore", { name: "start" });
    await expect(imcloud.orders.get(id)).rejects.toMatchObject({ status: 404 });
    await imcloud.orders.create(sale(1));
    expect((await control(mock, "POST", "/reset")).body).toMatchObject({ counts: { orders: 3 }, requests: 0 });
    await control(mock, "POST", "/faults", { kind: "conflict" });
    expect((await control(mock, "DELETE", "/faults")).body).toEqual({ faults: [] });
  });

  test.each<[method: string, path: string, body: unknown, status: number, sentence: string]>([
    ["POST", "/clock", { advance: -1 }, 400, "The clock moves by a whole number"],
    ["POST", "/clock", {}, 400, "The clock moves by a whole number"],
    ["POST", "/clock", { advance: 1e15 }, 400, "The clock moves by a whole number"],
    ["POST", "/faults", { kind: "flood" }, 400, "There is no fault of kind"],
    ["POST", "/snapshots", {}, 400, "A snapshot needs a name"],
    ["POST", "/snapshots/restore", { name: "x" }, 400, 'There is no snapshot "x"'],
    ["POST", "/snapshots/restore", undefined, 400, "Name the snapshot"],
    ["DELETE", "/snapshots", undefined, 400, "Name the snapshot"],
    ["GET", "/requests?operation=orders_lst", undefined, 400, "There is no operation orders_lst"],
    ["GET", "/requests?operatoin=orders_list", undefined, 400, 'takes the query parameter operation; got "operatoin".'],
    [
      ...(["GET", "/requests?operation=orders_list&operation=orders_get", undefined, 400] as const),
      'takes operation once; got "orders_list" and "orders_get".',
    ],
    ["GET", "/requests?operation=orders_list&operation=orders_list", undefined, 400, "takes operation once"],
    ["GET", "/requests?operation=", undefined, 400, 'There is no operation "";'],
    ["GET", "/requests?=orders_list", undefined, 400, 'takes the query parameter operation; got "".'],
    ["DELETE", "/requests?operation=orders_list", undefined, 400, "/__mock/requests takes no query parameters"],
    ["GET", "/state?__proto__=1", undefined, 400, '/__mock/state takes no query parameters; got "__proto__".'],
    ["GET", "/ready?a=1&a=2", undefined, 400, '/__mock/ready takes no query parameters; got "a", "a".'],
    ["DELETE", "/../w/b?all=true", undefined, 400, '/ takes no query parameters; got "all".'],
    ["POST", "/reset?operation=orders_list", undefined, 400, "/__mock/reset takes no query parameters"],
    ["POST", "/nothing", {}, 404, "There is no /__mock/nothing"],
    ["GET", "/toString", undefined, 404, "There is no /__mock/toString"],
    ["POST", "/clock", "soon", 400, "Send a JSON object"],
  ])("rejects %s %s with %j with a clear message", async (method, path, body, status, sentence) => {
    const { mock } = await sandbox();
    const response = await control(mock, method, path, body);
    expect(response).toEqual({ status, body: { message: expect.stringContaining(sentence) } });
  });

  test("rejects other origins and rebound host names", async () => {
    const { mock, imcloud } = await sandbox();
    await imcloud.orders.create(sale(1));
    for (const headers of [
      { origin: "http://evil.example" },
      { origin: "null" },
      { "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": "same-site" },
    ] as Record<string, string>[]) {
      expect((await control(mock, "POST", "/reset", undefined, headers)).status).toBe(403);
      expect((await control(mock, "GET", "/requests", undefined, headers)).status).toBe(403);
    }
    const { port } = new URL(mock.url);
    const status = await new Promise((resolve, reject) => {
      const options = { port, method: "POST", path: "/__mock/reset", headers: { host: `evil.example:${port}` } };
      request(options, (response) => resolve(response.resume().statusCode))
        .on("error", reject)
        .end();
    });
    expect(status).toBe(403);
    // A form of another site can send text, but not JSON.
    const text = await fetch(new URL("/__mock/clock", mock.url), { method: "POST", body: '{"advance": 1}' });
    expect(text.status).toBe(400);
    expect((await imcloud.orders.list()).pagination.total).toBe(4);
  });

  test("responds to malformed JSON with a message alone, as to all that is wrong", async () => {
    const { mock } = await sandbox();
    const headers = { "content-type": "application/json" };
    const response = await fetch(new URL("/__mock/clock", mock.url), { method: "POST", headers, body: "{" });
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({ message: expect.stringContaining("not JSON") });
  });
});

describe("GET / (mock page)", () => {
  let page: Page;
  const errors: string[] = [];
  beforeEach(async () => {
    page = await openOwnTab();
    errors.length = 0;
    page.on("pageerror", (error) => errors.push(error.message));
    page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  });
  afterEach(() => page.context().close());

  test("shows how to sign in, the data and the requests, and is controlled by keyboard alone", async () => {
    const { mock, imcloud } = await sandbox();
    await imcloud.orders.create(sale(1));
    await page.goto(new URL("/", mock.url).href);
    await page.getByText("Ready.").waitFor();
    for (const text of [mock.url, "demo.api", "demo-subscription-key", "POST /orders"]) {
      expect(await page.getByText(text).count()).toBeGreaterThan(0);
    }
    const press = async (name: string) => {
      for (let step = 0; step < 40; step++) {
        await page.keyboard.press("Tab");
        if ((await page.evaluate("document.activeElement.textContent")) === name) return page.keyboard.press("Enter");
      }
      throw new Error(`Tab does not reach "${name}".`);
    };
    await press("A day on");
    await page.getByText("A day on.").waitFor();
    expect(mock.now().toISOString()).toBe("2026-10-06T12:00:00.000Z");
    await press("Add");
    await page.getByText("Added latency.").waitFor();
    expect(mock.faults.list()).toEqual([{ kind: "latency", count: 1 }]);
    await press("Clear all");
    await page.getByText("No faults any more.").waitFor();
    expect(mock.faults.list()).toEqual([]);
    await press("Reset everything");
    await page.getByText("Everything is as it was").waitFor();
    expect((await imcloud.orders.list()).pagination.total).toBe(3);
    expect(errors).toEqual([]);
  });

  test.each(["light", "dark"] as const)(
    "fits a small screen and calls no other host in %s mode",
    async (colorScheme) => {
      const { mock, imcloud } = await sandbox({ size: "medium" });
      // Added by middleware, as the client refuses an unknown parameter.
      imcloud.use((call, next) => next({ ...call, url: `${call.url}?name=misspelled` }));
      await imcloud.orders.list();
      const hosts = new Set<string>();
      page.on("request", (request) => hosts.add(new URL(request.url()).host));
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width: 360, height: 780 });
      await page.goto(new URL("/", mock.url).href);
      await page.getByText("Ready.").waitFor();
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(360);
      await page.setViewportSize({ width: 768, height: 900 });
      const lines = page
        .locator("dd", { hasText: "/marketplace" })
        .first()
        .evaluate((value) => {
          const range = document.createRange();
          range.selectNode(value.lastChild as Node);
          return range.getClientRects().length;
        });
      expect(await lines, "lines of the last word of the base URL").toBe(1);
      await page.setViewportSize({ width: 1200, height: 900 });
      expect([...hosts]).toEqual([new URL(mock.url).host]);
      expect(errors).toEqual([]);
    },
  );
});
