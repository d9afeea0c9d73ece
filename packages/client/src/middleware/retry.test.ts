import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ConnectionError, GatewayError, RateLimitError, TimeoutError, UnknownOutcomeError } from "../index.ts";
import { apiOf, applicationError, failureOf, inTime, json } from "../testing.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const good = () => json({ id: "1", name: "Brightwater" });
const html = (status: number) => () => new Response("<html>Gateway Time-out</html>", { status });
const failing = (error: unknown) => () => Promise.reject(error);
const refused = new TypeError("fetch failed", { cause: Object.assign(new Error("connect"), { code: "ECONNREFUSED" }) });
const reset = new TypeError("fetch failed", { cause: Object.assign(new Error("read"), { code: "ECONNRESET" }) });

/** Responds with `first` once, then with a success. */
const onceThenGood = (first: () => Response | Promise<Response>) =>
  apiOf((_request, count) => (count === 1 ? first() : good()));

describe("retry", () => {
  describe("retry of reads", () => {
    test.each<[string, () => Response | Promise<Response>]>([
      ["a reset connection", failing(reset)],
      ["a refused connection", failing(refused)],
      ["408", () => json({}, { status: 408 })],
      ["429", () => json({}, { status: 429 })],
      ["500", () => json({ message: "no" }, { status: 500 })],
      ["503", () => json({}, { status: 503 })],
      ["HTML under 504", html(504)],
      ["HTML under 200", html(200)],
      ["a timeout", () => new Promise(() => {})],
    ])("sends again after %s", async (_what, first) => {
      const { imcloud, calls } = onceThenGood(first);
      expect(await inTime(imcloud.customers.get("1"))).toMatchObject({ id: "1" });
      expect(calls).toHaveLength(2);
    });
  });

  test.each([400, 401, 403, 404, 409, 422])("does not send again after %i", async (status) => {
    const { imcloud, calls } = apiOf(() => json({ message: "no" }, { status }));
    await inTime(failureOf(imcloud.customers.get("1")));
    // A 401 is repeated once, with a new token.
    expect(calls).toHaveLength(status === 401 ? 2 : 1);
  });

  describe("retry of writes", () => {
    test.each<[string, () => Response | Promise<Response>]>([
      ["a refused connection", failing(refused)],
      ["429", () => json({}, { status: 429 })],
      ["HTML under 429", html(429)],
    ])("sends again after %s, with the body", async (_what, first) => {
      const { imcloud, calls } = onceThenGood(first);
      await inTime(imcloud.customers.update("1", { name: "New" }));
      expect(await Promise.all(calls.map((call) => call.json()))).toEqual([{ name: "New" }, { name: "New" }]);
    });
  });

  describe("retry of writes with an unknown outcome", () => {
    test.each<[string, () => Response | Promise<Response>, unknown]>([
      ["a reset connection", failing(reset), ConnectionError],
      ["a timeout", () => new Promise(() => {}), TimeoutError],
      ["HTML under 504", html(504), GatewayError],
      ["HTML under 200", html(200), GatewayError],
      ["JSON under 503", () => json({}, { status: 503 }), Object],
      ["408", () => json({}, { status: 408 }), Object],
      [
        "a body that breaks off",
        () => new Response(new ReadableStream({ pull: (controller) => controller.error(new TypeError("terminated")) })),
        ConnectionError,
      ],
    ])("does not send again after %s", async (_what, first, cause) => {
      const { imcloud, calls } = onceThenGood(first);
      const body = { type: "sales" as const, customerId: "1002101", products: [], poNumber: "T-1" };
      const sentAt = Date.now();
      const error = (await inTime(failureOf(imcloud.orders.create(body)))) as UnknownOutcomeError;
      expect(error).toBeInstanceOf(UnknownOutcomeError);
      expect(error).toMatchObject({ operation: "orders_create", method: "POST", path: "/orders", body });
      expect(error.sentAt.getTime()).toBe(sentAt);
      expect(error.cause).toBeInstanceOf(cause);
      expect(calls).toHaveLength(1);
    });
  });

  test("throws a ServerError at once for a business conflict, as the API says that nothing was done", async () => {
    const { imcloud, calls } = onceThenGood(() =>
      json(applicationError("Order CH1 is being provisioned"), { status: 500 }),
    );
    const error = await inTime(
      failureOf(imcloud.orders.create({ type: "change", customerId: "1", subscriptionId: "700401" })),
    );
    expect(error).toMatchObject({ name: "ServerError", message: "500 Order CH1 is being provisioned" });
    expect(calls).toHaveLength(1);
  });

  test("sends an estimate again, as it is not a write", async () => {
    const { imcloud, calls } = onceThenGood(html(504));
    await inTime(imcloud.orders.estimate({ type: "sales", customerId: "1", products: [] }));
    expect(calls).toHaveLength(2);
  });

  test("fails at once when the daily quota is used up", async () => {
    const { imcloud, calls } = apiOf(() => json({}, { status: 403, headers: { "retry-after": "5" } }));
    expect(await failureOf(imcloud.customers.get("1"))).toMatchObject({ name: "QuotaExceededError", retryAfter: 5 });
    expect(calls).toHaveLength(1);
  });

  test.each<[string, () => string]>([
    ["in seconds", () => "20"],
    ["as a date", () => new Date(Date.now() + 20_000).toUTCString()],
  ])("waits for Retry-After %s", async (_how, value) => {
    const { imcloud } = onceThenGood(() => json({}, { status: 429, headers: { "retry-after": value() } }));
    const start = Date.now();
    await inTime(imcloud.customers.get("1"));
    expect(Date.now() - start).toBeGreaterThanOrEqual(19_000);
    expect(Date.now() - start).toBeLessThanOrEqual(22_000);
  });

  test("reads a date in Retry-After by the server's clock", async () => {
    const hour = 3_600_000;
    const { imcloud } = onceThenGood(() => {
      const [date, after] = [hour, hour + 20_000].map((ahead) => new Date(Date.now() + ahead).toUTCString());
      return json({}, { status: 503, headers: { date: String(date), "retry-after": String(after) } });
    });
    const start = Date.now();
    await inTime(imcloud.customers.get("1"));
    expect(Date.now() - start).toBeLessThanOrEqual(22_000);
  });

  test("fails the call at once when Retry-After is too long", async () => {
    const { imcloud, calls } = apiOf(() => json({}, { status: 429, headers: { "retry-after": "61" } }));
    expect(await failureOf(imcloud.customers.get("1"))).toBeInstanceOf(RateLimitError);
    expect(calls).toHaveLength(1);
  });

  test("stops at the limit of retries, and at the deadline", async () => {
    const { imcloud, calls } = apiOf(() => json({}, { status: 500 }));
    await inTime(failureOf(imcloud.customers.get("1", { retry: { limit: 3 } })));
    expect(calls).toHaveLength(4);
    const start = Date.now();
    await inTime(failureOf(imcloud.customers.get("1", { retry: { limit: 1_000, deadline: 90_000 } })));
    expect(Date.now() - start).toBeLessThanOrEqual(92_000);
  });

  test("can be switched off, for a client or a call", async () => {
    const { imcloud, calls } = apiOf(() => json({}, { status: 500 }), { retry: false });
    await failureOf(imcloud.customers.get("1"));
    expect(calls).toHaveLength(1);
    const { imcloud: other, calls: otherCalls } = apiOf(() => json({}, { status: 500 }));
    await failureOf(other.customers.get("1", { retry: false }));
    expect(otherCalls).toHaveLength(1);
  });

  test("ends the wait at once on an abort", async () => {
    const { imcloud, calls } = apiOf(() => json({}, { status: 429, headers: { "retry-after": "50" } }));
    const controller = new AbortController();
    const failure = failureOf(imcloud.customers.get("1", { signal: controller.signal }));
    await vi.advanceTimersByTimeAsync(1_000);
    controller.abort(new Error("enough"));
    expect(await failure).toMatchObject({ message: "enough" });
    expect(calls).toHaveLength(1);
  });

  test("never repeats a write that may have been accepted, whatever the network does", async () => {
    const event = fc.constantFrom(
      "good",
      "refused",
      "reset",
      "429",
      "401",
      "408",
      "500",
      "502",
      "html",
      "html429",
      "cut",
    );
    await fc.assert(
      fc.asyncProperty(fc.array(event, { minLength: 1, maxLength: 8 }), async (events) => {
        // Events after which the API has, or may have, done what the write says.
        const accepting = new Set(["good", "reset", "408", "502", "html", "cut"]);
        let accepted = 0;
        const { imcloud, calls } = apiOf((_request, count) => {
          const now = events[count - 1] ?? "good";
          if (accepting.has(now)) accepted += 1;
          if (now === "good") return good();
          if (now === "refused") throw refused;
          if (now === "reset") throw reset;
          if (now === "html") return html(504)();
          if (now === "html429") return html(429)();
          if (now === "cut") {
            return new Response(new ReadableStream({ pull: (stream) => stream.error(new TypeError("terminated")) }));
          }
          return json({ message: "no" }, { status: Number(now) });
        });
        await inTime(
          imcloud.orders.create({ type: "sales", customerId: "1", products: [] }).catch(() => {}) as Promise<unknown>,
        );
        expect(accepted).toBeLessThanOrEqual(1);
        const last = events[calls.length - 1] ?? "good";
        if (accepting.has(last)) expect(accepted).toBe(1);
      }),
      { numRuns: 200 },
    );
  });
});
