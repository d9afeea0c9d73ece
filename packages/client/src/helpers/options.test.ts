import { describe, expect, test } from "vitest";
import { apiOf, failureOf, json } from "../testing.ts";

type Client = ReturnType<typeof apiOf>["imcloud"];
const body = { type: "sales", customerId: "1", poNumber: "T-1" } as const;

/** What each helper is called with these options. */
const helpers: Record<string, (imcloud: Client, options: never) => Promise<unknown>> = {
  createOnce: (imcloud, options) => imcloud.orders.createOnce(body, options),
  details: (imcloud, options) => Array.fromAsync(imcloud.orders.details({}, options)),
  wait: (imcloud, options) => imcloud.orders.wait("1", options),
  download: (imcloud, options) => imcloud.reports.download("1", options),
  toArray: (imcloud, options) => imcloud.orders.list().toArray(options),
};

describe("helpers refuse, before anything is sent,", () => {
  test.each<[string, Record<string, unknown>, string]>([
    ["createOnce", { settleTimeout: Number.NaN }, "createOnce.settleTimeout must be a whole number from 0 to"],
    ["createOnce", { maxAttempts: 0 }, "createOnce.maxAttempts must be a whole number from 1 to"],
    [
      "createOnce",
      { attempts: 3 },
      "createOnce.attempts is no option. There are: signal, timeout, headers, retry, settleTimeout, maxAttempts.",
    ],
    ["createOnce", { signal: new AbortController() }, "createOnce.signal must be an AbortSignal"],
    ["details", { concurrency: 0 }, "details.concurrency must be a whole number from 1 to"],
    ["details", { onFailure: true }, "details.onFailure must be a function"],
    ["wait", { timeout: "1" }, "wait.timeout must be a whole number from 0 to"],
    ["wait", { onstate: () => {} }, "wait.onstate is no option. There are: timeout, signal, onState."],
    ["download", { timeout: -1 }, "download.timeout must be a whole number from 0 to"],
    ["download", { progress: () => {} }, "download.progress is no option. There are: signal, timeout, onProgress."],
    ["toArray", { max: 0 }, "toArray.max must be a whole number from 1 on, or Infinity"],
    ["toArray", { limit: 5 }, "toArray.limit is no option. There are: max, onProgress."],
  ])("%s with %j", async (helper, options, sentence) => {
    const { imcloud, calls } = apiOf(() => json({ data: [] }));
    const error = await failureOf(helpers[helper]?.(imcloud, options as never) ?? Promise.resolve());
    expect(error).toBeInstanceOf(TypeError);
    expect((error as Error).message).toContain(sentence);
    expect(calls).toHaveLength(0);
  });
});
