import { describe, expect, test } from "vitest";
import { days } from "../index.ts";
import { apiOf, failureOf, json } from "../testing.ts";

const inDays = (count: number) => new Date(Date.now() + count * 86_400_000).toISOString().slice(0, 10);

describe("subscriptions.due", () => {
  const rows = [
    { id: "1", renewalStatus: true, renewalDate: inDays(20), expirationDate: inDays(19) },
    { id: "2", renewalStatus: false, renewalDate: inDays(3), expirationDate: inDays(5) },
    { id: "3", renewalStatus: true, renewalDate: inDays(40) },
    { id: "4", renewalStatus: true, renewalDate: inDays(-2) },
    { id: "5", renewalStatus: false },
    { id: "6", renewalStatus: true, renewalDate: "", expirationDate: `${inDays(7)}T23:59:59Z` },
    ...Array.from({ length: 1_200 }, (_, n) => ({ id: `x${n}`, renewalStatus: true, renewalDate: inDays(300) })),
  ];
  const list = () =>
    apiOf(
      (request) => {
        const { searchParams } = new URL(request.url);
        const offset = Number(searchParams.get("offset"));
        const data = rows.slice(offset, offset + 500);
        return json({ data, pagination: { offset, limit: 500, total: rows.length } });
      },
      { rateLimit: false },
    );

  test.each([5, {}, [], true, "31/12/2026", "1798675200000", "+012026-12-01"])(
    "fails for a subscription whose date is %j, which may be due",
    async (expirationDate) => {
      const rows = [{ id: "1", expirationDate }];
      const { imcloud } = apiOf(() => json({ data: rows, pagination: { total: 1 } }), { rateLimit: false });
      expect(await failureOf(Array.fromAsync(imcloud.subscriptions.due({ within: days(30) })))).toMatchObject({
        name: "MarketplaceError",
        message: "Subscription 1 came with a date that is not one such as 2026-12-31.",
      });
    },
  );

  test("yields what renews and what ends, soonest first, from the list rows alone", async () => {
    const { imcloud, calls } = list();
    const due = await Array.fromAsync(imcloud.subscriptions.due({ within: days(30), customerId: "1002101" }));
    expect(due.map(({ subscription, day, action }) => [subscription.id, day, action])).toEqual([
      ["4", inDays(-2), "renews"],
      ["2", inDays(5), "ends"],
      ["6", inDays(7), "renews"],
      ["1", inDays(20), "renews"],
    ]);
    expect(calls.map(({ url }) => new URL(url).search)).toEqual([
      "?customerId=1002101&status=active&offset=0&limit=500",
      "?customerId=1002101&status=active&offset=499&limit=500",
      "?customerId=1002101&status=active&offset=998&limit=500",
    ]);
  });

  test.each([undefined, "30", -1, Number.NaN, Number.POSITIVE_INFINITY])("refuses within: %j", async (within) => {
    const { imcloud, calls } = list();
    await expect(Array.fromAsync(imcloud.subscriptions.due({ within: within as number }))).rejects.toThrow("days(30)");
    expect(calls).toEqual([]);
  });
});
