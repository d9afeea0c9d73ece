import { createClient } from "@imcloud/client";
import { type Mock, startMock } from "@imcloud/mock";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sale } from "./sandbox.ts";

let mock: Mock;
beforeAll(async () => {
  mock = await startMock({ port: 0, speed: 0, allowHost: "mock.example.com" });
});
afterAll(() => mock.close());

/** A client of a named store: the name is in the base URL or in a header. */
const byPath = (name: string) =>
  createClient({
    ...mock.connection,
    baseUrl: mock.url.replace("/marketplace", `/w/${name}/marketplace`),
    rateLimit: false,
  });
const byHeader = (name: string) =>
  createClient({
    ...{ ...mock.connection, rateLimit: false },
    fetch: (request) => {
      const headers = new Headers(request.headers);
      headers.set("x-mock-world", name);
      return fetch(new Request(request, { headers }));
    },
  });
const totalOf = async (imcloud: ReturnType<typeof byPath>) => (await imcloud.orders.list()).pagination.total;

describe("named stores", () => {
  test("share nothing, whether named by path or by header", async () => {
    const start = await totalOf(byPath("a"));
    await byPath("a").orders.create(sale(1));
    expect(await totalOf(byHeader("a"))).toBe(start + 1);
    expect(await totalOf(byHeader("b"))).toBe(start);
    expect(await totalOf(createClient({ ...mock.connection, rateLimit: false }))).toBe(start);
  });

  test("have a clock, faults and requests of their own", async () => {
    const control = mock.url.replace("/marketplace", "/w/clock/__mock");
    const post = (path: string, body: object) =>
      fetch(`${control}${path}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      });
    const placed = await byPath("clock").orders.create(sale(1));
    await post("/clock", { advance: 10_000 });
    expect((await byPath("clock").orders.get(placed.id)).status).toBe("completed");
    expect(mock.now().toISOString()).toBe("2026-10-05T12:00:00.000Z");
    const { requests } = (await (await fetch(`${control}/requests`)).json()) as { requests: { operation: string }[] };
    expect(requests.map(({ operation }) => operation)).toContain("orders_create");
  });

  test("have files of their own", async () => {
    const imcloud = byPath("files");
    const { id } = await imcloud.reports.create({ name: "All", startDate: "2026-01-01T00:00:00Z" });
    const control = mock.url.replace("/marketplace", "/w/files/__mock/clock");
    const headers = { "content-type": "application/json" };
    await fetch(control, { method: "POST", headers, body: '{"advance":60000}' });
    const { downloadUrl } = await imcloud.reports.get(id);
    expect((await fetch(String(downloadUrl))).status).toBe(200);
    expect((await fetch(String(downloadUrl).replace("/w/files/", "/w/a/"))).status).toBe(403);
  });

  test("are dropped by DELETE, and created again when named again", async () => {
    await byPath("dropped").orders.create(sale(1));
    const dropped = await fetch(mock.url.replace("/marketplace", "/w/dropped"), { method: "DELETE" });
    expect(dropped.status).toBe(204);
    expect(await totalOf(byPath("dropped"))).toBe(await totalOf(byPath("fresh")));
  });

  test("reject an invalid name", async () => {
    const response = await fetch(mock.url.replace("/marketplace", "/w/%20/marketplace/orders"));
    expect([response.status, await response.json()]).toEqual([
      400,
      {
        ...{ status: 400, message: expect.stringContaining("name of a store"), path: "/marketplace/orders" },
        ...{ timeStamp: expect.any(String), correlationId: expect.any(String) },
      },
    ]);
  });
});

describe("readiness", () => {
  test.each(["GET", "HEAD"])(
    "the printed address, the page and /__mock/ready respond to %s with 200",
    async (method) => {
      for (const url of [mock.url, `${mock.url}/`, new URL("/", mock.url), new URL("/__mock/ready", mock.url)]) {
        expect((await fetch(url, { method })).status).toBe(200);
      }
    },
  );
});

describe("--allow-host", () => {
  /** Sends by node:http, as `fetch` cannot set Host. */
  async function statusFor(host: string, headers: Record<string, string> = {}): Promise<number | undefined> {
    const { request } = await import("node:http");
    return new Promise((resolve, reject) => {
      const url = new URL("/__mock/state", mock.url);
      request(url, { headers: { host, ...headers } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on("error", reject)
        .end();
    });
  }

  test.each([
    ["localhost:4010", {}, 200],
    ["mock", {}, 200],
    ["mock:4010", { origin: "http://mock:4010" }, 200],
    ["laptop.local", {}, 200],
    ["host.docker.internal:4010", {}, 200],
    ["192.168.1.7:4010", {}, 200],
    ["mock.example.com", {}, 200],
    ["localhost:5173", { origin: "https://localhost:5173", "sec-fetch-site": "same-origin" }, 200],
    ["localhost:5173", { origin: "https://localhost:5173" }, 200],
    ["evil.example.com", {}, 403],
    ["evil.example.com", { "sec-fetch-site": "same-origin" }, 403],
    ["localhost:4010", { origin: "https://evil.example.com" }, 403],
    ["localhost:4010", { "sec-fetch-site": "cross-site" }, 403],
  ])("a call to %s with %o is a %i", async (host, headers, status) => {
    expect(await statusFor(host, headers as Record<string, string>)).toBe(status);
  });
});

describe("--public-url", () => {
  test("is used in the links to report files", async () => {
    const behind = await startMock({ port: 0, speed: 0, publicUrl: "http://mock.lan:4010/" });
    try {
      expect([behind.url, behind.filesUrl]).toEqual(["http://mock.lan:4010/marketplace", "http://mock.lan:4010"]);
    } finally {
      await behind.close();
    }
    await expect(startMock({ port: 0, publicUrl: "mock.lan" })).rejects.toThrow("publicUrl takes an http or https URL");
  });
});
