import { QuotaExceededError, RateLimitError, ServerError, UnknownOutcomeError } from "@imcloud/client";
import type { Fault } from "@imcloud/mock";
import { describe, expect, test } from "vitest";
import { sale, sandbox } from "./sandbox.ts";

const failureOf = (promise: PromiseLike<unknown>) =>
  Promise.resolve(promise).then(
    () => expect.fail("The call succeeded."),
    (error: unknown) => error,
  );

/** A sandbox with a signed-in client, and a fault for the next order. */
async function withFault(fault: Fault) {
  const { mock, imcloud } = await sandbox({}, { fetch: (request) => fetch(request) });
  await imcloud.plans.list();
  mock.faults.add({ operation: "orders_create", count: 1, ...fault });
  const orders = async () => (await imcloud.orders.list()).pagination.total - 3;
  return { mock, imcloud, orders };
}

describe("faults.add", () => {
  test("rejects a delay longer than setTimeout allows; an order may stop for longer", async () => {
    const { mock } = await sandbox();
    const milliseconds = 2_147_483_648;
    expect(() => mock.faults.add({ kind: "slowBody", milliseconds })).toThrow("takes up to 2147483647 milliseconds");
    mock.faults.add({ kind: "orderStop", statusCode: "WP", milliseconds });
  });

  test.each<[fault: Fault, error: new (...words: never[]) => Error, placed: number]>([
    [{ kind: "rateLimit" }, RateLimitError, 0],
    [{ kind: "rateLimit", retryAfter: false }, RateLimitError, 0],
    [{ kind: "quota" }, QuotaExceededError, 0],
    [{ kind: "conflict", message: "Order CH1 is being provisioned" }, ServerError, 0],
    [{ kind: "gatewayTimeout" }, UnknownOutcomeError, 1],
    [{ kind: "dropBefore" }, UnknownOutcomeError, 0],
    [{ kind: "dropAfter" }, UnknownOutcomeError, 1],
    [{ kind: "cutBody" }, UnknownOutcomeError, 1],
  ])("injects %j", async (fault, error, placed) => {
    const { imcloud, orders } = await withFault(fault);
    expect(await failureOf(imcloud.orders.create(sale(1)))).toBeInstanceOf(error);
    expect(await orders()).toBe(placed);
    await imcloud.orders.create(sale(1));
    expect(await orders()).toBe(placed + 1);
  });

  test("rateLimit and quota send Retry-After, or do not with retryAfter false", async () => {
    for (const [fault, seconds] of [
      [{ kind: "rateLimit", retryAfter: 17 }, 17],
      [{ kind: "rateLimit", retryAfter: false }, undefined],
      [{ kind: "quota", retryAfter: 7200 }, 7200],
    ] as const) {
      const { imcloud } = await withFault(fault);
      expect(await failureOf(imcloud.orders.create(sale(1)))).toMatchObject({ retryAfter: seconds });
    }
  });

  test("expiredToken makes the client sign in again", async () => {
    const { mock, imcloud } = await withFault({ kind: "expiredToken" });
    await imcloud.orders.create(sale(1));
    const statuses = mock.requests().map(({ path, status }) => `${path} ${status}`);
    expect(statuses.slice(2)).toEqual(["/orders 401", "/token 200", "/orders 200"]);
  });

  test("slowBody and latency bring the whole response", async () => {
    const { mock, imcloud } = await withFault({ kind: "slowBody", milliseconds: 200 });
    mock.faults.add({ kind: "latency", milliseconds: { from: 100, to: 150 }, operation: "orders_create" });
    const start = performance.now();
    expect(await imcloud.orders.create(sale(1))).toMatchObject({ type: "sales" });
    expect(performance.now() - start).toBeGreaterThan(250);
    expect(mock.requests().at(-1)?.faults).toEqual(["slowBody", "latency"]);
  });

  test("injects faults with a probability, reproducibly by the seed", async () => {
    const run = async (seed: number) => {
      const { mock, imcloud } = await sandbox();
      await imcloud.plans.list();
      mock.faults.add({ kind: "conflict", operation: "plans_list", probability: 0.5, seed });
      const outcomes: boolean[] = [];
      for (let call = 0; call < 20; call++)
        outcomes.push(
          await imcloud.plans.list().then(
            () => true,
            () => false,
          ),
        );
      return outcomes;
    };
    const [one, again, other] = [await run(1), await run(1), await run(2)];
    expect(again).toEqual(one);
    expect(other).not.toEqual(one);
    expect(new Set(one).size).toBe(2);
  });

  test("takes a fault from the header X-Mock-Fault", async () => {
    const { imcloud } = await sandbox();
    const headers = { "x-mock-fault": "latency; milliseconds=10, rateLimit; retryAfter=3" };
    expect(await failureOf(imcloud.plans.list({}, { headers }))).toMatchObject({ status: 429, retryAfter: 3 });
    const wrong = imcloud.plans.list({}, { headers: { "x-mock-fault": "flood" } });
    await expect(wrong).rejects.toMatchObject({ status: 400, message: expect.stringContaining("no fault of kind") });
  });

  test("takes a text in quotes from the header, with commas, semicolons and all else", async () => {
    const { imcloud } = await sandbox();
    const message = 'Order CH900304 is "open", a=b; wait for it';
    const headers = { "x-mock-fault": `latency; milliseconds=1, conflict; message=${JSON.stringify(message)}` };
    await expect(imcloud.plans.list({}, { headers })).rejects.toMatchObject({
      ...{ status: 500, message: expect.stringContaining(message) },
    });
  });

  test("applies a header's fault only to the operation that it names", async () => {
    const { imcloud } = await sandbox();
    const headers = { "x-mock-fault": "conflict; operation=orders_list" };
    expect((await imcloud.plans.list({}, { headers })).data.length).toBeGreaterThan(0);
    expect(await failureOf(imcloud.orders.list({}, { headers }))).toMatchObject({ status: 500 });
  });

  test.each(["count=2", "probability=0", "probability=0.5; seed=3"])(
    "refuses a header's fault with %s, which makes no sense for one call",
    async (field) => {
      const { imcloud } = await sandbox();
      const refused = imcloud.plans.list({}, { headers: { "x-mock-fault": `conflict; ${field}` } });
      await expect(refused).rejects.toMatchObject({
        status: 400,
        message: expect.stringContaining("own fault has no"),
      });
    },
  );

  test.each<[written: unknown, sentence: string]>([
    [{ kind: "flood" }, 'There is no fault of kind "flood"'],
    [{ kind: "toString" }, "There is no fault of kind"],
    [{ kind: "conflict", operation: "orders_make" }, "There is no operation orders_make"],
    [{ kind: "conflict", count: 0 }, "A fault's count must be a whole number from 1; got 0."],
    [
      { kind: "quota", retryAfter: 1e21 },
      "A fault's retryAfter must be a whole number of seconds up to 2147483647, or false; got 1e+21.",
    ],
    [{ kind: "conflict", probability: 2 }, "A fault's probability must be a number from 0 to 1"],
    [{ kind: "latency", milliseconds: { from: 5, to: 1 } }, "A fault's milliseconds must be"],
    [{ kind: "conflict", often: true }, "A fault has no often"],
    ["conflict", "A fault is an object with a kind."],
  ])("rejects %j with a clear message", async (written, sentence) => {
    const { mock } = await sandbox();
    expect(() => mock.faults.add(written as Fault)).toThrow(sentence);
    expect(mock.faults.list()).toEqual([]);
  });
});

describe("limits", () => {
  test("respond 429 when a minute's calls are used up, until the clock has advanced", async () => {
    const { mock, imcloud } = await sandbox({ rateLimit: 5 });
    for (let call = 1; call < 5; call++) await imcloud.plans.list();
    await mock.advance(20_000);
    const refused = await failureOf(imcloud.plans.list());
    expect(refused).toMatchObject({ name: "RateLimitError", retryAfter: 40, body: { statusCode: 429 } });
    await mock.advance(40_000);
    await imcloud.plans.list();
  });

  test("respond 403 when a day's calls are used up", async () => {
    const { mock, imcloud } = await sandbox({ dailyQuota: 3 });
    for (let call = 1; call < 3; call++) await imcloud.plans.list();
    const refused = await failureOf(imcloud.plans.list());
    expect(refused).toMatchObject({ name: "QuotaExceededError", retryAfter: 86_400, body: { statusCode: 403 } });
    await mock.advance(86_400_000);
    await imcloud.plans.list();
  });
});

describe("@imcloud/client under faults", () => {
  test("places each order once when every tenth gets a 504 or no response", async () => {
    const { mock, imcloud } = await sandbox({ speed: 1 }, { fetch: (request) => fetch(request) });
    await imcloud.plans.list();
    mock.faults.add({ kind: "gatewayTimeout", operation: "orders_create", probability: 0.1, seed: 3 });
    mock.faults.add({ kind: "dropAfter", operation: "orders_create", probability: 0.1, seed: 4 });
    const place = async (number: number) => {
      const order = { ...sale(1, { creditCheck: false }), poNumber: `T-${5_000 + number}` };
      return imcloud.orders.createOnce(order);
    };
    const placed = await Promise.all(Array.from({ length: 40 }, (_, number) => place(number)));
    expect(new Set(placed.map(({ id }) => id)).size).toBe(40);
    expect((await imcloud.orders.list()).pagination.total).toBe(43);
    expect(mock.requests().filter(({ faults }) => faults.length).length).toBeGreaterThan(3);
  });

  test("retries reads through every fault but the quota", async () => {
    const { mock, imcloud } = await sandbox(
      {},
      { fetch: (request) => fetch(request), retry: { limit: 9, minDelay: 1, maxDelay: 2 } },
    );
    const kinds = ["conflict", "gatewayTimeout", "dropBefore", "dropAfter", "cutBody", "expiredToken"] as const;
    await imcloud.plans.list();
    for (const kind of kinds) {
      mock.faults.add({ kind, operation: "plans_get", count: 1 });
      expect(await imcloud.plans.get("200110")).toMatchObject({ id: "200110" });
    }
    expect(mock.requests().filter(({ faults }) => faults.length)).toHaveLength(kinds.length);
  });
});
