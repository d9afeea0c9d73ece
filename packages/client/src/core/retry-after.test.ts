import { describe, expect, test } from "vitest";
import { apiOf, failureOf, json } from "../testing.ts";
import { retryAfter } from "./retry-after.ts";

describe("Retry-After", () => {
  const date = "Thu, 01 Jan 2026 00:00:00 GMT";
  test.each([
    ["30", 30],
    ["1.5", 2],
    ["0", 0],
    [" 7 ", 7],
    ["2, 2", 2],
    ["2, 9", 9],
    ["-1", undefined],
    ["-1.5", undefined],
    ["soon", undefined],
    ["1e9", undefined],
    ["0x10", undefined],
    ["2026-01-01", undefined],
    ["", undefined],
    ["Thu, 01 Jan 2026 00:00:20 GMT", 20],
    ["Thursday, 01-Jan-26 00:00:20 GMT", 20],
    ["Thu Jan  1 00:00:20 2026", undefined],
    ["Wed, 31 Dec 2025 00:00:00 GMT", 0],
  ])("reads %j as %s seconds", (value, seconds) => {
    expect(retryAfter(new Headers({ "retry-after": value, date }))).toBe(seconds);
  });

  test.each(["0", "-1", "1.5", "2, 2", "Wed, 31 Dec 2025 00:00:00 GMT", "0.0"])(
    "never makes a hot loop of %j",
    async (value) => {
      const times: number[] = [];
      const { imcloud } = apiOf(
        () => {
          times.push(performance.now());
          return json({}, { status: 429, headers: { "retry-after": value, date } });
        },
        { retry: { limit: 3, minDelay: 40, maxDelay: 40, maxRetryAfter: 1 }, rateLimit: false },
      );
      await failureOf(imcloud.customers.get("1"));
      for (const [n, at] of times.entries()) if (n) expect(at - Number(times[n - 1])).toBeGreaterThanOrEqual(19);
    },
  );

  test.each(["60", "0", "soon"])("is the daily quota with a 403, whatever it says: %j", async (value) => {
    const { imcloud } = apiOf(() => json({}, { status: 403, headers: { "retry-after": value } }));
    expect(await failureOf(imcloud.customers.get("1"))).toMatchObject({ name: "QuotaExceededError" });
  });
});
