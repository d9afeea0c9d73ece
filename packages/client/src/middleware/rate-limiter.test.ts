import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createClient, createRateLimiter, QuotaExceededError, RateLimitError, type RateLimiter } from "../index.ts";
import { apiOf, failureOf, inTime, json } from "../testing.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const MINUTE = 60_000;
const good = () => json({ id: "1" });
const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** A gateway that counts every call, sign-ins included, in a sliding minute, and responds after a delay. */
function gateway(perMinute: number) {
  const seen: number[] = [];
  let refusals = 0;
  let latency = 17;
  const fetch = async (request: Request): Promise<Response> => {
    // The latency differs from call to call.
    latency = (latency * 7919) % 400;
    await sleep(latency);
    const now = performance.now();
    while (Number(seen[0]) <= now - MINUTE) seen.shift();
    const isTooMuch = seen.length >= perMinute;
    seen.push(now);
    await sleep(latency / 2);
    if (isTooMuch) {
      refusals += 1;
      return json({ statusCode: 429, message: "Rate limit is exceeded." }, { status: 429 });
    }
    return request.url.endsWith("/token") ? json({ token: "t", expiresInSeconds: 1500 }) : good();
  };
  return { fetch, refusals: () => refusals };
}

const clientAt = (fetch: (request: Request) => Promise<Response>) =>
  createClient({
    baseUrl: "https://api.example",
    marketplace: "se",
    auth: { username: "demo.api", password: "demo-password" },
    fetch,
  });

/** Milliseconds that some work takes. */
async function run(work: PromiseLike<unknown>): Promise<number> {
  const start = Date.now();
  await inTime(work);
  return Date.now() - start;
}

describe("createRateLimiter", () => {
  test("sends a thousand reads at 60 a minute without a 429, as fast as the limit allows", async () => {
    const { fetch, refusals } = gateway(60);
    const imcloud = clientAt(fetch);
    const reads = Array.from({ length: 1_000 }, (_, id) => imcloud.orders.get(String(id + 1)));
    const took = await run(Promise.all(reads));
    expect(refusals()).toBe(0);
    // 1,001 calls with the sign-in: the last of them can leave sixteen minutes after the first.
    const least = 16 * MINUTE;
    console.log(`1,000 reads took ${(took / least).toFixed(4)} of the least time`);
    expect(took / least).toBeLessThanOrEqual(1.02);
  });

  test("sends no call twice when the token expires while calls wait", async () => {
    const seen: string[] = [];
    let signIns = 0;
    const imcloud = clientAt(async (request) => {
      if (request.url.endsWith("/token")) return json({ token: `token-${++signIns}`, expiresInSeconds: 120 });
      seen.push(String(request.headers.get("authorization")));
      return good();
    });
    await run(Promise.all(Array.from({ length: 300 }, () => imcloud.orders.get("1"))));
    expect(seen).toHaveLength(300);
    expect(signIns).toBeGreaterThan(2);
    expect(seen.at(-1)).toBe(`Bearer token-${signIns}`);
  });

  test("sends calls in the order in which they came", async () => {
    const order: string[] = [];
    const { imcloud } = apiOf(
      (request) => {
        order.push(String(request.url.split("/").at(-1)));
        return good();
      },
      { rateLimit: { perMinute: 3 } },
    );
    await run(Promise.all(Array.from({ length: 12 }, (_, id) => imcloud.orders.get(String(id)))));
    expect(order).toEqual(Array.from({ length: 12 }, (_, id) => String(id)));
  });

  test("can be shared by two clients", async () => {
    const rateLimit = createRateLimiter({ perMinute: 4 });
    const one = apiOf(good, { rateLimit });
    const other = apiOf(good, { rateLimit });
    const all = [1, 2, 3].flatMap((id) => [one.imcloud.orders.get(String(id)), other.imcloud.orders.get(String(id))]);
    const work = Promise.all(all);
    await vi.advanceTimersByTimeAsync(MINUTE - 1);
    expect(one.calls.length + other.calls.length).toBeLessThanOrEqual(4);
    await run(work);
    expect(one.calls.length + other.calls.length).toBe(6);
  });

  describe("rateLimit after a 429", () => {
    test("slows down, and returns to its full speed", async () => {
      const times: number[] = [];
      let isRefusing = true;
      const { imcloud } = apiOf(
        () => {
          times.push(performance.now());
          return isRefusing ? json({}, { status: 429 }) : good();
        },
        { retry: false },
      );
      const start = performance.now();
      const readMany = (count: number) =>
        run(Promise.allSettled(Array.from({ length: count }, () => imcloud.orders.get("1"))));
      await readMany(40);
      isRefusing = false;
      await readMany(100);
      const inMinute = (minute: number) =>
        times.filter((at) => at - start >= minute * MINUTE && at - start < (minute + 1) * MINUTE).length;
      expect(inMinute(1)).toBeLessThan(40);
      await vi.advanceTimersByTimeAsync(11 * MINUTE);
      const before = times.length;
      const work = readMany(60);
      expect(await work).toBeLessThan(MINUTE);
      expect(times.length - before).toBe(60);
    });

    test("sends nothing before Retry-After has passed", async () => {
      const times: number[] = [];
      const { imcloud } = apiOf((_request, count) => {
        times.push(performance.now());
        return count === 1 ? json({}, { status: 429, headers: { "retry-after": "20" } }) : good();
      });
      await run(imcloud.orders.get("1"));
      const second = imcloud.orders.get("2");
      await run(second);
      expect(Number(times[1]) - Number(times[0])).toBeGreaterThanOrEqual(20_000);
    });
  });

  test("does not send a call that is aborted while it waits, and delays no other", async () => {
    const { imcloud, calls } = apiOf(good, { rateLimit: { perMinute: 2 } });
    await imcloud.orders.get("1");
    const controller = new AbortController();
    const aborted = failureOf(imcloud.orders.get("2", { signal: controller.signal }));
    const next = imcloud.orders.get("3");
    await vi.advanceTimersByTimeAsync(10);
    controller.abort(new Error("enough"));
    expect(await aborted).toMatchObject({ message: "enough" });
    await run(next);
    expect(calls.map(({ url }) => url.split("/").at(-1))).toEqual(["1", "3"]);
  });

  test("refuses calls without sending them when the queue is full or the daily limit is used up", async () => {
    const { imcloud, calls } = apiOf(good, { rateLimit: { perMinute: 2, queue: 1 }, retry: false });
    await imcloud.orders.get("1");
    const waiting = imcloud.orders.get("2");
    const refused = await failureOf(imcloud.orders.get("3"));
    expect(refused).toBeInstanceOf(RateLimitError);
    expect(refused).toMatchObject({ message: "429 1 calls are waiting already. The call was not sent." });
    await run(waiting);
    expect(calls).toHaveLength(2);

    const { imcloud: daily, calls: dailyCalls } = apiOf(good, { rateLimit: { perDay: 3 } });
    await daily.orders.get("1");
    await daily.orders.get("2");
    const over = await failureOf(daily.orders.get("3"));
    expect(over).toBeInstanceOf(QuotaExceededError);
    expect((over as QuotaExceededError).retryAfter).toBeGreaterThan(86_000);
    expect(dailyCalls).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(24 * 60 * MINUTE);
    // A day later the token has expired as well.
    await run(daily.orders.get("3"));
    expect(dailyCalls).toHaveLength(3);
  });

  test("applies no limit when it is off", async () => {
    const { imcloud, calls } = apiOf(good, { rateLimit: false });
    await Promise.all(Array.from({ length: 500 }, () => imcloud.orders.get("1")));
    expect(calls).toHaveLength(500);
  });

  test("does not depend on the machine's clock", async () => {
    const { imcloud, calls } = apiOf(good, { rateLimit: { perMinute: 3 } });
    await imcloud.orders.get("1");
    const work = Promise.all([imcloud.orders.get("2"), imcloud.orders.get("3")]);
    await vi.advanceTimersByTimeAsync(10);
    vi.setSystemTime(Date.now() + 600_000);
    await vi.advanceTimersByTimeAsync(MINUTE / 2);
    expect(calls).toHaveLength(2);
    await run(work);
    expect(calls).toHaveLength(3);
  });

  describe("createRateLimiter, on a platform where requests end with their timers and responses", () => {
    const call = { operation: "x", method: "GET", path: "/x" };
    async function settled(promise: Promise<unknown>): Promise<string> {
      let word = "waits";
      void promise.then(() => {
        word = "granted";
      });
      await vi.advanceTimersByTimeAsync(0);
      return word;
    }

    test("frees a permit that is never completed after three minutes and one", async () => {
      const limiter = createRateLimiter({ perMinute: 1 });
      await limiter.acquire({ call, priority: false });
      const next = limiter.acquire({ call, priority: false });
      await vi.advanceTimersByTimeAsync(239_000);
      expect(await settled(next)).toBe("waits");
      await vi.advanceTimersByTimeAsync(10_000);
      expect(await settled(next)).toBe("granted");
    });

    test("does not count a late completion of such a permit twice", async () => {
      const limiter = createRateLimiter({ perMinute: 2 });
      const lost = await limiter.acquire({ call, priority: false });
      await vi.advanceTimersByTimeAsync(200_000);
      (await limiter.acquire({ call, priority: false })).release();
      lost.complete();
      lost.complete();
      expect(await settled(limiter.acquire({ call, priority: false }))).toBe("granted");
    });

    test("skips a waiting call whose timers are gone", async () => {
      const limiter = createRateLimiter({ perMinute: 1 });
      (await limiter.acquire({ call, priority: false })).complete();
      const { setTimeout } = globalThis;
      globalThis.setTimeout = (() => 0) as never;
      void limiter.acquire({ call, priority: true });
      globalThis.setTimeout = setTimeout;
      await vi.advanceTimersByTimeAsync(1_000);
      const alive = limiter.acquire({ call, priority: false });
      await vi.advanceTimersByTimeAsync(80_000);
      expect(await settled(alive)).toBe("granted");
    });

    test("still sends a waiting call that was skipped because the machine slept", async () => {
      const limiter = createRateLimiter({ perMinute: 1 });
      (await limiter.acquire({ call, priority: false })).complete();
      const waits = [1, 2, 3].map(() => limiter.acquire({ call, priority: false }));
      // The clock advances, the timers do not.
      const { now } = performance;
      const slept = 3_600_000;
      vi.spyOn(performance, "now").mockImplementation(() => now.call(performance) + slept);
      for (const wait of waits) {
        await vi.advanceTimersByTimeAsync(70_000);
        (await wait).complete();
      }
      vi.restoreAllMocks();
    });

    test("removes no other call from the queue when a call is aborted after its permit was granted", async () => {
      const limiter = createRateLimiter({ perMinute: 1 });
      const controller = new AbortController();
      const first = limiter.acquire({ call, priority: false, signal: controller.signal });
      const second = limiter.acquire({ call, priority: false });
      controller.abort();
      (await first).complete();
      await vi.advanceTimersByTimeAsync(61_000);
      expect(await settled(second)).toBe("granted");
    });
  });
});

describe("RateLimiter.acquire", () => {
  const order = { type: "sales", customerId: "1" } as never;
  const withLimiter = (acquire: () => Promise<unknown>) =>
    apiOf(good, { rateLimit: { acquire } as RateLimiter, auth: { token: () => "t" } });

  test.each([undefined, null, {}, true])("sends nothing when it gives %j in place of a permit", async (permit) => {
    const { imcloud, calls } = withLimiter(async () => permit);
    expect(await failureOf(imcloud.orders.create(order))).toMatchObject({
      name: "TypeError",
      message: "The rate limiter gave no permit to orders_create: acquire gives { complete, release }.",
    });
    expect(calls).toHaveLength(0);
  });

  test.each<[string, () => unknown]>([
    [
      "throws",
      () => {
        throw new Error("The limiter is down.");
      },
    ],
    ["rejects", () => Promise.reject(new Error("The limiter is down."))],
  ])("loses no order when its permit %s on completion", async (_how, complete) => {
    const { imcloud } = withLimiter(async () => ({ complete, release() {} }));
    expect(await imcloud.orders.create(order)).toEqual({ id: "1" });
  });
});
