import { describe, expect, test } from "vitest";
import { createClient, createProxy, days } from "../index.ts";
import { apiOf, failureOf, json } from "../testing.ts";

/** A platform of a subscription each for any id, and of no customers and orders but those that are created. */
function platform() {
  const created: Record<string, unknown>[] = [];
  const { imcloud, calls } = apiOf(
    async (request) => {
      const { pathname } = new URL(request.url);
      const id = pathname.split("/").pop() ?? "";
      if (request.method === "POST") {
        const made = { id: `9${created.length}`, status: "completed", ...(await request.json()) };
        created.push(made);
        return json(made);
      }
      if (/subscriptions\/\d/.test(pathname))
        return json({ id, customerId: "1", products: [{ id: "500201", quantity: 30 }] });
      if (/\d$/.test(pathname)) return json(created.find((one) => one.id === id));
      return json({ data: [], pagination: { offset: 0, limit: 500, total: 0 } });
    },
    { rateLimit: false },
  );
  const queries = () => calls.map(({ url }) => new URL(url).searchParams);
  return { imcloud, created, queries };
}

describe("what a caller changes after the call", () => {
  test("is not the customer of findOrCreate", async () => {
    const { imcloud, created } = platform();
    const body = { name: "", externalId: "" };
    const found = ["CRM-1", "CRM-2", "CRM-3"].map((externalId) => {
      Object.assign(body, { name: `Customer of ${externalId}`, externalId });
      return imcloud.customers.findOrCreate(body as never);
    });
    await Promise.all(found);
    expect(created.map(({ externalId }) => externalId)).toEqual(["CRM-1", "CRM-2", "CRM-3"]);
  });

  test("is not the target of changeSeats, nor its options", async () => {
    const { imcloud, created } = platform();
    const target = { by: 0 };
    const options = { poNumber: "" };
    const changes = [1, 2, 3].map((by) => {
      target.by = by;
      options.poNumber = `T-${by}`;
      return imcloud.subscriptions.changeSeats(`70040${by}`, target, options);
    });
    expect((await Promise.all(changes)).map(({ to }) => to)).toEqual([31, 32, 33]);
    expect(created.map(({ poNumber }) => poNumber)).toEqual(["T-1", "T-2", "T-3"]);
  });

  test.each(["completed", ["completed", "error"]])("is not a time of a list of status %j", async (status) => {
    const { imcloud, queries } = platform();
    const since = new Date("2026-01-01");
    const list = imcloud.orders.list({ status, creationTimeFrom: since } as never);
    since.setUTCMonth(6);
    await list.toArray();
    await list;
    expect(new Set(queries().map((query) => query.get("creationTimeFrom")))).toEqual(new Set(["2026-01-01T00:00:00Z"]));
  });

  test("is not one of several statuses of a list", async () => {
    const { imcloud, queries } = platform();
    const status = ["completed", "error"] as ("completed" | "error")[];
    const list = imcloud.orders.list({ status });
    status.pop();
    await list;
    expect(
      queries()
        .map((query) => query.get("status"))
        .sort(),
    ).toEqual(["completed", "error"]);
  });

  test("is no sign-in: neither whose token is kept, nor a password that nobody hides", async () => {
    const auth = { username: "demo.api", password: "first-password" };
    const owners: string[] = [];
    const signIns: (string | null)[] = [];
    const tokenStore = { get: () => undefined, set: ({ owner }: { owner: string }) => void owners.push(owner) };
    const imcloud = createClient({
      ...{ baseUrl: "https://api.example/marketplace", marketplace: "se", auth, tokenStore },
      fetch: async ({ url, headers }) => {
        if (!url.endsWith("/token")) return json({ message: "second-password" }, { status: 400 });
        signIns.push(headers.get("authorization"));
        return json({ token: "t", expiresInSeconds: 1500 });
      },
    });
    Object.assign(auth, { username: "other.api", password: "second-password" });
    await failureOf(imcloud.customers.get("1"));
    expect(signIns).toEqual([`Basic ${btoa("demo.api:first-password")}`]);
    expect(owners).toEqual([imcloud.account]);
    const copy = imcloud.withOptions({ timeout: 1_000 });
    expect(await failureOf(copy.customers.get("1"))).toMatchObject({ message: "400 [redacted]" });
    expect(owners).toEqual([imcloud.account, copy.account]);
    expect(signIns[1]).toBe(`Basic ${btoa("other.api:second-password")}`);
  });

  test("is no operation of a proxy", async () => {
    const { imcloud } = platform();
    const allow = ["orders_list"];
    const proxy = createProxy({ client: imcloud, allow });
    allow.push("customers_list");
    expect((await proxy(new Request("https://app.example/customers"))).status).toBe(404);
  });

  test("is not the query of due", async () => {
    const { imcloud, queries } = platform();
    const query = { within: days(1), customerId: "1" };
    const due = imcloud.subscriptions.due(query);
    query.customerId = "2";
    await Array.fromAsync(due);
    expect(queries().map((each) => each.get("customerId"))).toEqual(["1"]);
  });
});

test("findOrCreate refuses a customer that JSON would lose before anything is sent", async () => {
  const { imcloud, queries } = platform();
  const body = { name: Number.NaN, externalId: "CRM-1" };
  expect(await failureOf(imcloud.customers.findOrCreate(body as never))).toBeInstanceOf(TypeError);
  expect(queries()).toEqual([]);
});
