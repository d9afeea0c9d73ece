import { createClient } from "@imcloud/client";
import FakeTimers from "@sinonjs/fake-timers";
import { exactRow, type Part } from "../measure.ts";

const ORDERS = 20_000;
const DETAILS = 1_000;
const PER_MINUTE = 60;
const MINUTE = 60_000;
/** Milliseconds that a call of the simulated API takes. */
const LATENCY = 200;

const json = (body: object, status = 200, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json", ...headers } });

const sleep = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

/** A gateway with a sliding window of 60 calls a minute, in front of an API with 20,000 orders. */
function gateway() {
  const passed: number[] = [];
  const seen = { calls: 0, refused: 0 };
  const fetch = async (input: string | URL | Request): Promise<Response> => {
    const url = new URL(input instanceof Request ? input.url : input);
    seen.calls += 1;
    await sleep(LATENCY / 2);
    while (passed.length && (passed[0] as number) <= Date.now() - MINUTE) passed.shift();
    if (passed.length >= PER_MINUTE) {
      seen.refused += 1;
      await sleep(LATENCY / 2);
      return json({ statusCode: 429, message: "Rate limit is exceeded." }, 429);
    }
    passed.push(Date.now());
    await sleep(LATENCY / 2);
    if (url.pathname.endsWith("/token")) return json({ token: "a-token", expiresInSeconds: 1500 });
    const [, id] = /\/orders\/(\d+)$/.exec(url.pathname) ?? [];
    if (id) return json({ id, type: "sales", status: "completed", customerId: "1" });
    const offset = Number(url.searchParams.get("offset") ?? 0);
    const limit = Number(url.searchParams.get("limit") ?? 10);
    const data = Array.from({ length: Math.max(0, Math.min(limit, ORDERS - offset)) }, (_, index) => ({
      ...{ id: String(ORDERS - offset - index), type: "sales", status: "completed", customerId: "1" },
    }));
    return json({ data, pagination: { offset, limit, total: ORDERS } });
  };
  return { fetch, seen };
}

type Gateway = ReturnType<typeof gateway>;

/** Reads a list of all orders, and the details of the newest thousand. */
type Sync = (gateway: Gateway) => Promise<number>;

const BASE = "https://api.example/marketplace";

const withClient: Sync = async ({ fetch }) => {
  const imcloud = createClient({ baseUrl: BASE, marketplace: "se", auth: { username: "a.api", password: "b" }, fetch });
  const ids: string[] = [];
  for await (const order of imcloud.orders.list()) ids.push(order.id);
  const details = await Promise.all(ids.slice(0, DETAILS).map((id) => imcloud.orders.get(id)));
  return ids.length + details.length;
};

/** The loop that people write: pages of a fixed size, several calls at once, and a longer wait after each 429. */
const plainLoop =
  (concurrency: number, wait: (attempt: number) => number): Sync =>
  async ({ fetch }) => {
    const get = async (path: string): Promise<Record<string, unknown>> => {
      for (let attempt = 0; ; attempt++) {
        const response = await fetch(BASE + path);
        if (response.status === 200) return response.json();
        await sleep(wait(attempt));
      }
    };
    await get("/token");
    const ids: string[] = [];
    for (let total = 1; ids.length < total; ) {
      const page = (await get(`/orders?limit=500&offset=${ids.length}`)) as {
        data: { id: string }[];
        pagination: { total: number };
      };
      ids.push(...page.data.map(({ id }) => id));
      total = page.pagination.total;
    }
    const todo = ids.slice(0, DETAILS);
    let done = 0;
    const worker = async () => {
      for (let id = todo.shift(); id; id = todo.shift()) {
        await get(`/orders/${id}`);
        done += 1;
      }
    };
    await Promise.all(Array.from({ length: concurrency }, worker));
    return ids.length + done;
  };

const syncs: Record<string, Sync> = {
  imcloud: withClient,
  "a loop, 5 at once, a second after a 429": plainLoop(5, () => 1_000),
  "a loop, 20 at once, a second after a 429": plainLoop(20, () => 1_000),
  "a loop, 5 at once, doubling waits": plainLoop(5, (attempt) => 1_000 * 2 ** Math.min(attempt, 6)),
  "a loop, one after the other, a minute after a 429": plainLoop(1, () => MINUTE),
};

/** The least calls of a sync: the sign-in, the pages of 500 rows, the details. */
const NEEDED = 1 + ORDERS / 500 + DETAILS;
/** The least milliseconds for these calls: the first sixty pass at once, and each later call a minute after the one sixty before it. */
const LEAST = Math.floor((NEEDED - 1) / PER_MINUTE) * MINUTE;

/** A sync of 20,000 orders and 1,000 details in simulated time, by our client and by the loops that people write. */
export async function quota(): Promise<Part> {
  const rows: Part["rows"] = [];
  const budgets: Part["budgets"] = [];
  for (const [who, sync] of Object.entries(syncs)) {
    const clock = FakeTimers.install({
      now: Date.UTC(2026, 9, 5),
      toFake: ["setTimeout", "clearTimeout", "Date", "performance"],
    });
    try {
      const api = gateway();
      const since = Date.now();
      let isDone = false;
      const work = sync(api).finally(() => {
        isDone = true;
      });
      work.catch(() => {});
      while (!isDone) await clock.nextAsync();
      if ((await work) !== ORDERS + DETAILS) throw new Error(`${who} lost rows.`);
      const took = Date.now() - since;
      const what = "a sync of 20,000 orders and 1,000 details";
      rows.push(exactRow(`${what}, calls`, who, "calls", api.seen.calls));
      rows.push(exactRow(`${what}, refused with 429`, who, "calls", api.seen.refused));
      rows.push(exactRow(`${what}, time`, who, "minutes", took / MINUTE));
      rows.push(exactRow(`${what}, least time / time`, who, "", LEAST / took));
      if (who === "imcloud") {
        budgets.push({ name: "least time / time of a sync", ratio: LEAST / took, limit: 0.98, is: "at least" });
        budgets.push({ name: "429s met in a sync", ratio: api.seen.refused, limit: 0, is: "at most" });
      }
    } finally {
      clock.uninstall();
    }
  }
  return { rows, budgets };
}
