import { describe, expect, test } from "vitest";
import { apiOf, failureOf, json } from "../testing.ts";

type Client = ReturnType<typeof apiOf>["imcloud"];
const body = { type: "sales" as const, customerId: "1", products: [], poNumber: "T-1" };

/** Calls each helper with options. */
const helpers: Record<string, (imcloud: Client, options: never) => Promise<unknown>> = {
  createOnce: (imcloud, options) => imcloud.orders.createOnce(body, options),
  details: (imcloud, options) => Array.fromAsync(imcloud.orders.details({}, options)),
  wait: (imcloud, options) => imcloud.orders.wait("1", options),
  download: (imcloud, options) => imcloud.reports.download("1", options),
  toArray: (imcloud, options) => imcloud.orders.list().toArray(options),
  "toArray of several": (imcloud, options) => imcloud.orders.list({ status: ["error", "completed"] }).toArray(options),
  changeSeats: (imcloud, options) => imcloud.subscriptions.changeSeats("1", { by: 5 }, options),
  run: (imcloud, options) => imcloud.reports.run({ name: "x" } as never, options),
  due: (imcloud, query: object) =>
    Array.fromAsync(imcloud.subscriptions.due({ within: 1, ...query } as { within: number })),
};

describe("options of helpers", () => {
  test.each<[string, Record<string, unknown>, string]>([
    [
      "createOnce",
      { settleTimeout: Number.NaN },
      "createOnce.settleTimeout must be a number of milliseconds from 0 to",
    ],
    ["createOnce", { maxAttempts: 0 }, "createOnce.maxAttempts must be a whole number from 1 to"],
    [
      "createOnce",
      { attempts: 3 },
      "createOnce.attempts is not an option. There are: signal, timeout, headers, retry, settleTimeout, maxAttempts, outbox.",
    ],
    ["createOnce", { signal: new AbortController() }, "createOnce.signal must be an AbortSignal"],
    ["details", { concurrency: 0 }, "details.concurrency must be a whole number from 1 to"],
    ["details", { onFailure: true }, "details.onFailure must be a function"],
    ["wait", { timeout: "1" }, "wait.timeout must be a number of milliseconds from 0 to"],
    ["wait", { onstate: () => {} }, "wait.onstate is not an option. There are: timeout, signal, onState."],
    ["download", { timeout: -1 }, "download.timeout must be a number of milliseconds from 0 to"],
    ["download", { progress: () => {} }, "download.progress is not an option. There are: signal, timeout, onProgress."],
    ["toArray", { max: 0 }, "toArray.max must be a whole number from 1 on, or Infinity"],
    ["toArray of several", { max: "3" }, "toArray.max must be a whole number from 1 on, or Infinity"],
    ["toArray of several", { limit: 5 }, "toArray.limit is not an option. There are: max, onProgress."],
    ["changeSeats", { wiat: false }, "changeSeats.wiat is not an option."],
    ["changeSeats", { wait: { timeOut: 5 } }, "changeSeats.wait.timeOut is not an option."],
    ["run", { timeOut: 5 }, "run.timeOut is not an option. There are: timeout, signal, onState."],
    ["due", { status: "hold" }, "subscriptions.due takes no status"],
    ["toArray", { limit: 5 }, "toArray.limit is not an option. There are: max, onProgress."],
  ])("are rejected before anything is sent: %s with %j", async (helper, options, sentence) => {
    const { imcloud, calls } = apiOf(() => json({ data: [] }));
    const error = await failureOf(helpers[helper]?.(imcloud, options as never) ?? Promise.resolve());
    expect(error).toBeInstanceOf(TypeError);
    expect((error as Error).message).toContain(sentence);
    expect(calls).toHaveLength(0);
  });
});

describe("createOnce", () => {
  test.each([null, undefined, 5])("refuses %j with a TypeError that says what is required", async (given) => {
    const { imcloud, calls } = apiOf(() => json({}));
    await expect(imcloud.orders.createOnce(given as never)).rejects.toThrow("orders.createOnce needs poNumber");
    await expect(imcloud.customers.createOnce(given as never)).rejects.toThrow("customers.createOnce needs externalId");
    expect(calls).toEqual([]);
  });
});

describe("list options", () => {
  test.each<Record<string, unknown>>([
    { limit: Number.NaN },
    { offset: Number.NaN },
    { offset: Number.POSITIVE_INFINITY },
    { creationTimeFrom: 1_767_225_600_000 },
    { creationTimeFrom: "2026-02-01 (x)" },
  ])("are rejected before anything is sent: %j", async (query) => {
    const { imcloud, calls } = apiOf(() => json({ data: [] }));
    expect(await failureOf(imcloud.orders.list(query).toArray())).toBeInstanceOf(TypeError);
    expect(calls).toEqual([]);
  });
});
