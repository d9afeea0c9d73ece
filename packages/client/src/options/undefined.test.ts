import { describe, expect, test } from "vitest";
import { createClient, createRateLimiter } from "../index.ts";
import { apiOf, failureOf, json } from "../testing.ts";

const failing = () => json({}, { status: 503 });
const nothing = undefined;

describe("undefined options", () => {
  test("retry, in the client and in a call", async () => {
    const retry = { limit: 2, minDelay: 1, maxDelay: 1, deadline: nothing, maxRetryAfter: nothing };
    const inClient = apiOf(failing, { retry });
    await failureOf(inClient.imcloud.customers.get("1"));
    expect(inClient.calls).toHaveLength(3);
    await failureOf(inClient.imcloud.customers.get("1", { retry: { limit: nothing, minDelay: nothing } }));
    expect(inClient.calls).toHaveLength(6);
    await failureOf(inClient.imcloud.customers.get("1", { retry: nothing, timeout: nothing, signal: nothing }));
    expect(inClient.calls).toHaveLength(9);
  });

  test("retry.limit, which is then 5 and not unlimited", async () => {
    const { imcloud, calls } = apiOf(failing, { retry: { limit: nothing, minDelay: 1, maxDelay: 1 } });
    await failureOf(imcloud.customers.get("1"));
    expect(calls).toHaveLength(6);
  });

  test("rateLimit, which then has its default limits", async () => {
    const limiter = createRateLimiter({ perMinute: nothing, perDay: nothing, queue: nothing });
    const call = { operation: "x", method: "GET", path: "/x" };
    const permits = Array.from({ length: 61 }, () => limiter.acquire({ call, priority: false, signal: nothing }));
    const first60 = await Promise.all(permits.slice(0, 60));
    expect(first60).toHaveLength(60);
    expect(await Promise.race([permits[60], Promise.resolve("waits")])).toBe("waits");
    const { imcloud, calls } = apiOf(() => json({ id: "1" }), {
      rateLimit: { acquire: nothing, perMinute: 2 } as never,
    });
    await imcloud.customers.get("1");
    expect(calls).toHaveLength(1);
  });

  test("headers, in a call", async () => {
    const { imcloud, calls } = apiOf(() => json({ id: "1" }), { clientId: "psa" });
    await imcloud.customers.get("1", { headers: { "x-one": nothing, "x-client-id": nothing } });
    expect(calls[0]?.headers.get("x-one")).toBeNull();
    expect(calls[0]?.headers.get("x-client-id")).toBe("psa");
  });

  test("query values, alone and in a list", async () => {
    const { imcloud, calls } = apiOf(() => json({ data: [], pagination: { offset: 0, limit: 10, total: 0 } }));
    await imcloud.orders.list({ status: nothing, customerId: nothing, limit: nothing, offset: nothing } as object);
    await imcloud.request("GET", "/elsewhere", { query: { a: nothing, b: [1, nothing as never, 2] }, body: nothing });
    expect(calls.map(({ url }) => new URL(url).search)).toEqual(["", "?b=1&b=2"]);
  });

  test("ways to sign in that are not used", async () => {
    const { imcloud } = apiOf(() => json({ id: "1" }), {
      auth: { username: "demo.api", password: "demo-password", oauth2: nothing, token: nothing } as never,
    });
    expect(await imcloud.customers.get("1")).toEqual({ id: "1" });
  });

  test("everything else", async () => {
    const imcloud = createClient({
      baseUrl: "https://api.example",
      marketplace: "se",
      auth: {
        oauth2: {
          url: "https://realm.example/token",
          username: "a",
          password: "b",
          clientId: "c",
          clientSecret: nothing,
          scope: nothing,
        },
      },
      ...{ subscriptionKey: nothing, clientId: nothing, userAgent: nothing, timeout: nothing, tokenStore: nothing },
      ...{ retry: nothing, rateLimit: nothing, validate: nothing, logger: nothing, logLevel: nothing, tracer: nothing },
      fetch: async (request) =>
        request.url.startsWith("https://realm.example")
          ? json({ access_token: "t", expires_in: 600, seen: await request.text() })
          : json({ id: "1" }),
    });
    expect(await imcloud.customers.get("1")).toEqual({ id: "1" });
  });
});
