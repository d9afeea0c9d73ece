import { inspect } from "node:util";
import { SpanKind, SpanStatusCode } from "@opentelemetry/api";
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { describe, expect, test } from "vitest";
import type { ClientOptions, Logger, Span, Tracer } from "../index.ts";
import { apiOf, failureOf, json } from "../testing.ts";

/** A logger that records its calls. */
function keepingLogger() {
  const lines: [level: string, line: string, details: object][] = [];
  const at = (level: string) => (line: string, details: object) => lines.push([level, line, details]);
  const logger: Logger = { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
  return { logger, lines };
}

const withId = { headers: { "x-correlation-id": "a8n-1" } };
const good = () => json({ id: "1", data: [], downloadUrl: "https://files.example/r?sig=s3cret" }, withId);

/** A client with a logger that keeps its lines. */
function logged(respond: Parameters<typeof apiOf>[0], options: Partial<ClientOptions> = {}) {
  const { logger, lines } = keepingLogger();
  const { imcloud } = apiOf(respond, { logger, retry: { limit: 1, minDelay: 1 }, ...options });
  const own = () => lines.filter(([, line]) => !line.includes("/token"));
  return { imcloud, lines, own };
}

describe("logger", () => {
  test("may be asynchronous, and reject", async () => {
    const rejections: unknown[] = [];
    const note = (reason: unknown) => rejections.push(reason);
    process.on("unhandledRejection", note);
    const fail = async () => {
      throw new Error("The log is down.");
    };
    const { imcloud } = apiOf(good, { logger: { debug: fail, info: fail, warn: fail, error: fail } });
    await imcloud.orders.get("1");
    await new Promise((resolve) => setTimeout(resolve, 10));
    process.off("unhandledRejection", note);
    expect(rejections).toEqual([]);
  });

  test.each<[string, string, (secret: string) => string]>([
    ["where its body is cut", "a-password-of-forty-characters-or-so-123", (secret) => "x".repeat(19_970) + secret],
    ["behind the place where it is cut", "a-password-of-some-length", (secret) => `${secret} `.repeat(5_000)],
    ["that has a character that is not seen", "soft\u00adhyphen-\u200bpassword", (secret) => `x ${secret} y`],
  ])("shows no part of a secret %s", async (_where, password, bodyOf) => {
    const auth = { username: "demo.api", password };
    const { imcloud, own } = logged(() => json({ note: bodyOf(password) }), { auth, logLevel: "debug" });
    await imcloud.orders.get("1");
    const shown = JSON.stringify(own()[0]?.[2]);
    expect(shown).toContain("note");
    expect(shown).not.toMatch(/a-pass|hyphen/);
    expect(shown.length).toBeLessThan(21_000);
  });

  test("shows no secret that a call has as a header of its own, nor does an error", async () => {
    const secret = "a-key-of-the-caller";
    const { imcloud, own } = logged(() => json({ message: `${secret} is no key` }, { status: 400 }), {
      logLevel: "debug",
    });
    const failure = await failureOf(imcloud.orders.get("1", { headers: { "x-functions-key": secret } }));
    expect(failure).toMatchObject({ message: "400 [redacted] is no key" });
    expect(inspect([failure, own()], { depth: 9 })).not.toContain(secret);
  });

  test("gets one line for each attempt, with its details", async () => {
    const { imcloud, lines, own } = logged((_request, count) =>
      count === 1 ? json({ message: "no" }, { ...withId, status: 503 }) : good(),
    );
    await imcloud.orders.get("900301");
    expect(own().map(([level, line]) => [level, line.replace(/\d+ ms/, "N ms")])).toEqual([
      ["warn", "GET /orders/900301 503, attempt 1, N ms, a8n-1"],
      ["info", "GET /orders/900301 200, attempt 2, N ms, a8n-1"],
    ]);
    expect(own()[1]?.[2]).toEqual({
      ...{ operation: "orders_get", method: "GET", path: "/orders/900301", status: 200, attempt: 2 },
      ...{ correlationId: "a8n-1", milliseconds: expect.any(Number) },
    });
    expect(lines[0]?.[1]).toMatch(/^POST \/token 200, attempt 1/);
  });

  test("gets a failure with its cause", async () => {
    const { imcloud, own } = logged(() => {
      throw new TypeError("fetch failed for https://api.example/x?key=demo-key");
    });
    await failureOf(imcloud.orders.get("1"));
    expect(own()[0]?.[0]).toBe("error");
    expect(own()[0]?.[2]).toMatchObject({
      error: { name: "ConnectionError", cause: { message: "fetch failed for [redacted]" } },
    });
  });

  test.each([
    ["off", []],
    ["error", []],
    ["warn", ["warn"]],
    ["info", ["info", "warn", "info"]],
  ] as const)("at %s holds %j", async (logLevel, levels) => {
    const { imcloud, lines } = logged((_request, count) => (count === 1 ? json({}, { status: 500 }) : good()), {
      logLevel,
    });
    await imcloud.orders.get("1");
    expect(lines.map(([level]) => level)).toEqual(levels);
  });

  test("gets no secret, even when headers and bodies are logged", async () => {
    const { imcloud, lines } = logged(good, { logLevel: "debug", clientId: "psa" });
    const person = { login: "signe", password: "Str0ng!word" };
    await imcloud.request("POST", "/customers", { body: { contactPersons: [person] }, headers: { cookie: "c00kie" } });
    const shown = inspect(lines, { depth: null });
    expect(shown).toContain("signe");
    expect(shown).toContain("x-client-id");
    for (const secret of [
      "demo-password",
      "demo-key",
      "demo-token",
      "Str0ng!word",
      "s3cret",
      "c00kie",
      btoa("demo.api:demo-password"),
    ]) {
      expect(shown).not.toContain(secret);
    }
  });

  test("fails no call when it throws", async () => {
    const fail = () => {
      throw new Error("disk full");
    };
    const { imcloud } = logged(good, { logger: { debug: fail, info: fail, warn: fail, error: fail } });
    expect(await imcloud.orders.get("1")).toMatchObject({ id: "1" });
  });
});

describe("tracer", () => {
  function keepingTracer() {
    const spans: { name: string; attributes: Record<string, unknown>; status?: number; isEnded: boolean }[] = [];
    const tracer: Tracer = {
      startSpan(name, { kind, attributes }) {
        const span = { name, attributes: { kind, ...attributes } as Record<string, unknown>, isEnded: false };
        spans.push(span);
        const made: Span = {
          setAttribute: (key, value) => Object.assign(span.attributes, { [key]: value }),
          setStatus: ({ code }) => Object.assign(span, { status: code }),
          end: () => Object.assign(span, { isEnded: true }),
        };
        return made;
      },
    };
    return { tracer, spans };
  }

  test("gets a span by the semantic conventions for HTTP clients, without the query", async () => {
    const { tracer, spans } = keepingTracer();
    const { imcloud } = apiOf((_request, count) => (count === 1 ? json({}, { status: 500 }) : good()), {
      tracer,
      retry: { minDelay: 1 },
    });
    await imcloud.customers.list({ email: "signe@brightwater.example" });
    const [, failed, again] = spans;
    expect(failed).toEqual({
      name: "GET /customers",
      status: 2,
      isEnded: true,
      attributes: {
        kind: 2,
        "http.request.method": "GET",
        "http.response.status_code": 500,
        "server.address": "api.example",
        "server.port": 443,
        "url.full": "https://api.example/marketplace/customers",
        "url.template": "/customers",
        "imcloud.operation": "customers_list",
        "error.type": "500",
      },
    });
    expect(again).toMatchObject({
      isEnded: true,
      attributes: { "http.request.resend_count": 1, "imcloud.correlation_id": "a8n-1" },
    });
    expect(again).not.toHaveProperty("status");
    expect(inspect(spans, { depth: null })).not.toContain("signe");
  });

  test("records a failed connection", async () => {
    const { tracer, spans } = keepingTracer();
    const { imcloud } = apiOf(() => Promise.reject(new TypeError("fetch failed")), { tracer, retry: false });
    await failureOf(imcloud.orders.get("1"));
    expect(spans[1]).toMatchObject({
      name: "GET /orders/{id}",
      status: 2,
      isEnded: true,
      attributes: { "error.type": "ConnectionError" },
    });
  });
});

describe("tracer of OpenTelemetry", () => {
  test("accepts the spans", async () => {
    const exporter = new InMemorySpanExporter();
    const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
    const { imcloud } = apiOf((_request, count) => (count === 1 ? json({}, { status: 503 }) : good()), {
      tracer: provider.getTracer("my-sync"),
      retry: { minDelay: 1 },
    });
    await imcloud.orders.get("900301");
    const spans = exporter.getFinishedSpans();
    expect(spans.map(({ name, kind, status, ended }) => [name, kind, status.code, ended])).toEqual([
      ["POST /token", SpanKind.CLIENT, SpanStatusCode.UNSET, true],
      ["GET /orders/{id}", SpanKind.CLIENT, SpanStatusCode.ERROR, true],
      ["GET /orders/{id}", SpanKind.CLIENT, SpanStatusCode.UNSET, true],
      ["imcloud orders_get", SpanKind.INTERNAL, SpanStatusCode.UNSET, true],
    ]);
    expect(spans[2]?.attributes).toMatchObject({ "http.response.status_code": 200, "http.request.resend_count": 1 });
    await provider.shutdown();
  });
});

describe("logger, tracer and meter", () => {
  test.each<[what: string, options: object, message: string]>([
    ["no logger", { logger: {} }, "logger must be an object with debug, info, warn, error"],
    ["a level that there is not", { logLevel: "silent" }, 'logLevel must be "debug"'],
    ["no tracer", { tracer: {} }, "tracer must be an object with startSpan"],
    ["a meter in its place", { tracer: { createHistogram() {}, createCounter() {} } }, "tracer must be an object with"],
    ["half a meter", { meter: { createCounter() {} } }, "meter must be an object with createHistogram, createCounter"],
  ])("refuse %s with a message that says what is expected", (_what, options, message) => {
    const { imcloud } = apiOf(good);
    for (const make of [() => apiOf(good, options), () => imcloud.withOptions(options)]) {
      expect(make).toThrow(TypeError);
      expect(make).toThrow(message);
    }
  });

  test("share nothing between clients, so that each hides its own secrets", async () => {
    const { logger, lines } = keepingLogger();
    const secrets = ["first-secret", "second-secret"];
    for (const subscriptionKey of secrets) {
      const headers = { "x-correlation-id": subscriptionKey };
      const { imcloud } = apiOf(() => json({}, { headers }), { logger, subscriptionKey });
      await imcloud.orders.get("1");
    }
    const shown = inspect(lines, { depth: null });
    expect(shown).toContain("[redacted]");
    for (const secret of secrets) expect(shown).not.toContain(secret);
  });

  test("can be changed by withOptions, for the copy only", async () => {
    const { logger, lines } = keepingLogger();
    const { imcloud } = apiOf(good, { logger, logLevel: "warn" });
    await imcloud.withOptions({ logLevel: "info" }).orders.get("1");
    expect(lines.at(-1)?.[1]).toMatch(/^GET \/orders\/1 200/);
    const before = lines.length;
    await imcloud.orders.get("1");
    expect(lines).toHaveLength(before);
  });
});

test("the User-Agent names the client and the program that uses it", async () => {
  const { imcloud, calls } = apiOf(good, { userAgent: "my-sync/2.1" });
  await imcloud.orders.get("1");
  expect(calls[0]?.headers.get("user-agent")).toMatch(/^my-sync\/2\.1 imcloud\/\d+\.\d+\.\d+$/);
});

describe("tracer that fails", () => {
  const span: Span = { setAttribute() {}, setStatus() {}, end() {} };
  type Start = NonNullable<Tracer["startActiveSpan"]>;
  const broken: [what: string, start: (...given: Parameters<Start>) => unknown][] = [
    [
      "throws at once",
      () => {
        throw new Error("The tracer is broken.");
      },
    ],
    [
      "throws after it has begun",
      (_name, _options, work) => {
        work(span);
        throw new Error("The tracer is broken.");
      },
    ],
    ["begins twice", (_name, _options, work) => [work(span), work(span)][0]],
    ["gives nothing", (_name, _options, work) => void work(span)],
    ["does nothing", () => {}],
    ["has no span", (_name, _options, work) => work(undefined as never)],
  ];

  test.each(broken)("fails and repeats no call when it %s", async (_what, start) => {
    const tracer: Tracer = { startSpan: () => span, startActiveSpan: start as Start };
    const { imcloud, calls } = apiOf(good, { tracer, retry: false });
    expect(await imcloud.orders.create({ type: "sales", customerId: "1" } as never)).toMatchObject({ id: "1" });
    expect(await failureOf(imcloud.orders.get(""))).toBeInstanceOf(TypeError);
    expect(calls).toHaveLength(1);
  });
});
