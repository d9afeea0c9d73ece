import { AsyncLocalStorage } from "node:async_hooks";
import { type Context, type ContextManager, context, ROOT_CONTEXT, SpanKind } from "@opentelemetry/api";
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { createClient, createRateLimiter, type Meter, type Wait } from "../index.ts";
import { apiOf, failureOf, inTime, json } from "../testing.ts";

const good = () => json({ id: "1" });

describe("onWait", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test("is called once for a call that waits longer than three seconds, which is also logged", async () => {
    const waits: Wait[] = [];
    const lines: string[] = [];
    const quiet = () => {};
    const logger = { debug: quiet, info: quiet, warn: (line: string) => lines.push(line), error: quiet };
    const { imcloud } = apiOf(good, {
      ...{ rateLimit: { perMinute: 2 }, auth: { token: () => "t" }, logger },
      onWait: (wait) => waits.push(wait),
    });
    await inTime(Promise.all(["1", "2", "3", "4"].map((id) => imcloud.customers.get(id))));
    expect(waits.map(({ operation, path, milliseconds, waiting }) => [operation, path, milliseconds, waiting])).toEqual(
      [
        ["customers_get", "/customers/3", 3000, 2],
        ["customers_get", "/customers/4", 3000, 2],
      ],
    );
    expect(lines).toHaveLength(2);
    expect(lines[0]).toBe("customers_get has waited 3000 ms for its place under the rate limit; 2 calls wait");
  });

  test("fails no call when it throws, and the limiter shows how many calls wait", async () => {
    const limiter = createRateLimiter({ perMinute: 1 });
    const { imcloud } = apiOf(good, {
      ...{ rateLimit: limiter, auth: { token: () => "t" } },
      onWait: () => {
        throw new Error("no");
      },
    });
    const calls = Promise.all([imcloud.customers.get("1"), imcloud.customers.get("2")]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(limiter.waiting).toBe(1);
    expect(await inTime(calls)).toHaveLength(2);
    expect(limiter.waiting).toBe(0);
  });
});

describe("meter", () => {
  test("records durations of calls and attempts, and counts retries", async () => {
    const seen: [name: string, attributes: object][] = [];
    const meter: Meter = {
      createHistogram: (name, { unit }) => ({
        record: (value, attributes) => seen.push([`${name} ${unit} ${value >= 0}`, attributes]),
      }),
      createCounter: (name) => ({ add: (value, attributes) => seen.push([`${name} ${value}`, attributes]) }),
    };
    const { imcloud } = apiOf((_request, count) => (count === 1 ? json({}, { status: 503 }) : good()), {
      ...{ meter, auth: { token: () => "t" }, retry: { minDelay: 1 } },
    });
    await imcloud.customers.get("1");
    const http = {
      "http.request.method": "GET",
      "url.template": "/customers/{id}",
      "server.address": "api.example",
      "server.port": 443,
    };
    expect(seen).toEqual([
      ["http.client.request.duration s true", { ...http, "http.response.status_code": 503, "error.type": "503" }],
      ["imcloud.client.retries 1", { "imcloud.operation": "customers_get" }],
      ["http.client.request.duration s true", { ...http, "http.response.status_code": 200 }],
      [
        "imcloud.client.call.duration s true",
        { "imcloud.operation": "customers_get", "http.response.status_code": 200 },
      ],
    ]);
  });

  test("says the groups of durations by the semantic conventions, and an IPv6 address without brackets", async () => {
    const seen: unknown[] = [];
    const meter: Meter = {
      createHistogram: (name, { advice }) => ({
        record: (_value, attributes) =>
          seen.push([name, advice?.explicitBucketBoundaries?.length, attributes["server.address"]]),
      }),
      createCounter: () => ({ add() {} }),
    };
    const imcloud = createClient({
      ...{ baseUrl: "http://[::1]:8080", marketplace: "se", auth: { token: () => "t" }, meter },
      fetch: async () => good(),
    });
    await imcloud.customers.get("1");
    expect(seen).toEqual([
      ["http.client.request.duration", 14, "::1"],
      ["imcloud.client.call.duration", 18, undefined],
    ]);
  });

  test("gets no secret that is part of a path", async () => {
    const seen: object[] = [];
    const meter: Meter = {
      createHistogram: () => ({ record: (_value, attributes) => seen.push(attributes) }),
      createCounter: () => ({ add: (_value, attributes) => seen.push(attributes) }),
    };
    const options = { meter, subscriptionKey: "demo-secret-key", retry: { limit: 1, minDelay: 1 } };
    const { imcloud } = apiOf(() => json({}, { status: 503 }), { ...options, auth: { token: () => "t" } });
    await failureOf(imcloud.request("GET", "/keys/demo-secret-key"));
    expect(seen).toHaveLength(4);
    expect(JSON.stringify(seen)).not.toContain("demo-secret-key");
  });

  test("records a failure by its name, and fails no call when it throws", async () => {
    const seen: object[] = [];
    const meter: Meter = {
      createHistogram: () => ({
        record(_value, attributes) {
          seen.push(attributes);
          throw new Error("full");
        },
      }),
      createCounter: () => ({ add() {} }),
    };
    const { imcloud } = apiOf(() => Promise.reject(new TypeError("no")), {
      meter,
      retry: false,
      auth: { token: () => "t" },
    });
    expect(await failureOf(imcloud.customers.get("1"))).toMatchObject({ name: "ConnectionError" });
    expect(seen).toMatchObject([{ "error.type": "ConnectionError" }, { "error.type": "ConnectionError" }]);
  });
});

/** A context manager like that of OpenTelemetry's SDK for Node. */
class AsyncContext implements ContextManager {
  readonly #storage = new AsyncLocalStorage<Context>();
  active = () => this.#storage.getStore() ?? ROOT_CONTEXT;
  with<A extends unknown[], F extends (...args: A) => ReturnType<F>>(
    active: Context,
    work: F,
    self?: ThisParameterType<F>,
    ...args: A
  ) {
    return this.#storage.run(active, () => work.call(self, ...args));
  }
  bind = <T>(_context: Context, target: T): T => target;
  enable = () => this;
  disable = () => this;
}

describe("tracer, with OpenTelemetry's own context", () => {
  beforeAll(() => {
    context.setGlobalContextManager(new AsyncContext());
  });
  afterAll(() => context.disable());

  test("starts a span for the call around those of its attempts", async () => {
    const exporter = new InMemorySpanExporter();
    const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
    const { imcloud } = apiOf((_request, count) => (count === 1 ? json({}, { status: 503 }) : good()), {
      ...{ tracer: provider.getTracer("my-sync"), auth: { token: () => "demo-token" }, retry: { minDelay: 1 } },
    });
    await imcloud.customers.get("1");
    const spans = exporter.getFinishedSpans();
    const call = spans.find(({ name }) => name === "imcloud customers_get");
    expect(call?.kind).toBe(SpanKind.INTERNAL);
    const attempts = spans.filter(({ name }) => name === "GET /customers/{id}");
    expect(attempts.map(({ parentSpanContext }) => parentSpanContext?.spanId)).toEqual([
      call?.spanContext().spanId,
      call?.spanContext().spanId,
    ]);
    await provider.shutdown();
  });
});
