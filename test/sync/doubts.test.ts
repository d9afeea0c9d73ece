import { createClient, type ImcloudClient } from "@imcloud/client";
import type { Sandbox } from "@imcloud/mock/sandbox";
import { type SyncOptions, type SyncStore, sqliteTables, sync } from "@imcloud/sync";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { clientOf, customerFixtures, DAY, expectTables, openSandbox, readMarketplace } from "./marketplace.ts";

interface ListBody {
  data: { id?: unknown }[];
  pagination?: { total?: number; offset?: number };
}

let sandbox: Sandbox;
let to: SyncStore;

beforeEach(() => {
  ({ sandbox } = openSandbox({ fixtures: customerFixtures({ customers: 12, each: 1 }) }));
  to = sqliteTables(":memory:");
});
afterEach(() => to.close());

const run = (options: Partial<SyncOptions> = {}) =>
  sync({ client: clientOf(sandbox), to, now: () => sandbox.now(), ...options });

/** A client that gets changed responses, also invalid ones, which the sandbox would refuse to send. */
function clientWith(respond: (path: string, response: Response) => Response | Promise<Response>): ImcloudClient {
  const { fetch: send, ...connection } = sandbox.connection;
  return createClient({
    ...{ ...connection, rateLimit: false, retry: false },
    fetch: async (request: Request) => {
      const { pathname } = new URL(request.url);
      const path = pathname.slice(new URL(connection.baseUrl).pathname.length);
      const response = await send(request);
      return response.ok ? respond(path, response) : response;
    },
  });
}

/** A client that gets changed lists of a resource. */
const clientWithList = (resource: string, change: (body: ListBody) => unknown) =>
  clientWith(async (path, response) =>
    path === `/${resource}` ? Response.json(change((await response.json()) as ListBody)) : response,
  );

/** A list without some of its rows. */
const without =
  (isGone: (id: string) => boolean) =>
  ({ data, pagination }: ListBody) => {
    const rest = data.filter(({ id }) => !isGone(String(id)));
    return { data: rest, pagination: { ...pagination, total: rest.length } };
  };

const goneOf = async (resource: string) =>
  (await to.query<{ id: string }>(`SELECT id FROM imcloud_${resource} WHERE gone_at IS NOT NULL ORDER BY id`)).map(
    ({ id }) => id,
  );

describe("SyncResult.doubts", () => {
  test.each(["customers", "subscriptions", "orders", "products"] as const)(
    "reports an empty list of %s, and nothing counts as ended",
    async (resource) => {
      ({ sandbox } = openSandbox({}));
      await run();
      const known = (await to.query(`SELECT id FROM imcloud_${resource}`)).length;
      await sandbox.advance(DAY);
      const client = clientWithList(
        resource,
        without(() => true),
      );
      for (let night = 0; night < 2; night++) {
        const { doubts, events, isComplete } = await run({ client, full: true });
        expect({ events, isComplete }).toEqual({ events: 0, isComplete: false });
        expect(doubts).toEqual([
          {
            ...{ resource, kind: "removals", count: known },
            message: expect.stringMatching(`^${known} of ${known} ${resource} are no longer in their list\\.`),
          },
        ]);
      }
      expect(await goneOf(resource)).toEqual([]);
      expect(await run({ full: true })).toMatchObject({ isComplete: true, doubts: [], events: 0 });
      await expectTables(to, await readMarketplace(clientOf(sandbox)));
    },
  );

  test("reports a list that lacks more than a tenth; with accept, only rows without details count as ended", async () => {
    ({ sandbox } = openSandbox({ fixtures: customerFixtures() }));
    await run();
    const isOdd = (id: string) => Number(id) % 2 === 1;
    const half = (path: string, response: Response) =>
      path.startsWith("/subscriptions/7000") && isOdd(path) ? new Response(null, { status: 404 }) : response;
    const client = clientWith(async (path, response) =>
      path === "/subscriptions"
        ? Response.json(without((id) => id < "70024")((await response.json()) as ListBody))
        : half(path, response),
    );
    expect(await run({ client })).toMatchObject({ events: 0, doubts: [{ kind: "removals", count: 24 }] });
    expect(await run({ client, accept: ["removals"] })).toMatchObject({ events: 0, isComplete: true, doubts: [] });
    expect(await goneOf("subscriptions")).toEqual([]);
  });

  test("is empty where a few rows are missing, whose details are read one by one", async () => {
    await run();
    const missing = new Set(["70003", "70004", "70005"]);
    const client = clientWith(async (path, response) => {
      if (path === "/subscriptions") {
        return Response.json(without((id) => missing.has(id))((await response.json()) as ListBody));
      }
      return path === "/subscriptions/70004" ? new Response(null, { status: 404 }) : response;
    });
    expect(await run({ client })).toMatchObject({ events: 1, isComplete: true, doubts: [] });
    expect(await to.query("SELECT id FROM imcloud_events")).toEqual([{ id: "subscription.ended:70004:1" }]);
    expect(await goneOf("subscriptions")).toEqual(["70004"]);
    expect(await run()).toMatchObject({ isComplete: true, doubts: [] });
    await expectTables(to, await readMarketplace(clientOf(sandbox)));
  });

  test("reports when all details are suddenly missing, and stops reading them", async () => {
    ({ sandbox } = openSandbox({ fixtures: customerFixtures() }));
    await run();
    await to.query("UPDATE imcloud_sync_records SET is_due = 1 WHERE resource <> 'products'");
    let asked = 0;
    const client = clientWith((path, response) => {
      if (!/^\/(subscriptions|orders|customers)\/\d/.test(path)) return response;
      asked += 1;
      return Response.json({ message: "There is no such thing." }, { status: 404 });
    });
    const { doubts, events, isComplete, remaining } = await run({ client });
    expect({ events, isComplete }).toEqual({ events: 0, isComplete: false });
    expect(doubts.map(({ kind, resource }) => [kind, resource])).toContainEqual(["removals", "subscriptions"]);
    expect(remaining).toEqual({ subscriptions: 48, customers: 12, orders: 48 });
    expect(asked).toBeLessThan(48);
    expect(await to.query("SELECT * FROM imcloud_events")).toEqual([]);
    expect(await run()).toMatchObject({ isComplete: true, doubts: [], events: 0 });
  });

  test("reports a list whose total is always too high, and the sync goes on", async () => {
    const connect = () =>
      clientWithList("customers", ({ data, pagination }) => ({ data, pagination: { ...pagination, total: 19 } }));
    const first = await run({ client: connect() });
    expect(first).toMatchObject({ isComplete: true, doubts: [{ resource: "customers", kind: "shortList", count: 7 }] });
    expect(first.doubts[0]?.message).toBe(
      "The list of customers reports 19 rows and ends after 12. The rows that it returned are kept.",
    );
    await sandbox.advance(DAY);
    await clientOf(sandbox).customers.update("3001", { name: "Another name" });
    const second = await run({ client: connect() });
    expect(second).toMatchObject({ isComplete: true, events: 1, doubts: [{ kind: "shortList", count: 7 }] });
    // A sign-in, five lists, of which one is read to its end, with its last row, what comes behind it, and that again; and one changed row. The
    // list is not read twice.
    expect(second.calls).toBe(1 + 5 + 3 + 1);
    await expectTables(to, await readMarketplace(clientOf(sandbox)));
  });

  test.each([
    ["no page", () => ({ data: "none" })],
    ["rows that are no objects", () => ({ data: [1, 2] })],
  ])("reports a list that is %s, and the other lists are read", async (_what, change) => {
    const broken = await run({ client: clientWithList("subscriptions", change) });
    expect(broken).toMatchObject({
      isComplete: false,
      doubts: [{ resource: "subscriptions", kind: "brokenList", message: expect.stringContaining("is not a page") }],
    });
    expect(await to.query("SELECT COUNT(*) AS orders FROM imcloud_orders")).toEqual([{ orders: 12 }]);
    expect(await run()).toMatchObject({ isComplete: true, doubts: [], events: 0 });
    await expectTables(to, await readMarketplace(clientOf(sandbox)));
  });

  test.each([
    ["is forbidden", 403],
    ["fails", 500],
  ])("reports a list that %s, and the rest is read", async (_what, status) => {
    const client = clientWith((path, response) =>
      path === "/subscriptions" ? Response.json({ message: "Not now" }, { status }) : response,
    );
    expect(await run({ client })).toMatchObject({
      isComplete: false,
      doubts: [
        {
          ...{ resource: "subscriptions", kind: "brokenList" },
          message: `The list of subscriptions could not be read: ${status} Not now.`,
        },
      ],
    });
    expect(await to.query("SELECT COUNT(*) AS orders FROM imcloud_orders")).toEqual([{ orders: 12 }]);
    expect(await run()).toMatchObject({ isComplete: true, doubts: [], events: 0 });
    await expectTables(to, await readMarketplace(clientOf(sandbox)));
  });

  test("does not hide two failing lists in a row, which the sync fails with", async () => {
    const client = clientWith((path, response) =>
      /^\/(subscriptions|customers)$/.test(path) ? Response.json({ message: "Not now" }, { status: 500 }) : response,
    );
    await expect(run({ client })).rejects.toThrow("500 Not now");
    expect(await run()).toMatchObject({ isComplete: true, doubts: [], events: 0 });
  });

  test("reports rows without an id, which are not stored; a number is an id", async () => {
    const ids: unknown[] = [undefined, null, "", " ", false, "9".repeat(3_000), 3007];
    const client = clientWithList("customers", ({ data, pagination }) => ({
      data: data.map((row, place) => (place < ids.length ? { ...row, id: ids[place] } : row)),
      pagination,
    }));
    const { doubts, isComplete } = await run({ client });
    expect({ doubts, isComplete }).toEqual({
      isComplete: true,
      doubts: [
        { resource: "customers", kind: "noId", count: 6, message: expect.stringMatching(/^6 rows of the list/) },
      ],
    });
    const kept = await to.query<{ id: string }>("SELECT id FROM imcloud_customers ORDER BY id");
    expect(kept.map(({ id }) => id)).toContain("3007");
    expect(await run()).toMatchObject({ isComplete: true, doubts: [] });
    await expectTables(to, await readMarketplace(clientOf(sandbox)));
  });

  test("does not hide a response that is nested too deeply", async () => {
    const deep = (depth: number) => JSON.parse(`${"[".repeat(depth)}${"]".repeat(depth)}`);
    const client = clientWith(async (path, response) => {
      const body = (await response.json()) as { data?: object[] };
      const more = { somethingNew: deep(1_000) };
      if (path === "/subscriptions")
        return Response.json({ ...body, data: body.data?.map((row) => ({ ...row, ...more })) });
      return Response.json(path === "/orders/90001" ? { ...body, ...more } : body);
    });
    expect(await run({ client })).toMatchObject({ isComplete: true, doubts: [], failures: [] });
    expect(await run({ client })).toMatchObject({ isComplete: true, events: 0 });
  });
});

describe("sync of another account", () => {
  const other = (changes: object) => createClient({ ...sandbox.connection, rateLimit: false, ...changes });

  test.each([
    ["marketplace", { marketplace: "no" }, "marketplace no at"],
    ["address", { baseUrl: "http://127.0.0.1:1/other" }, "at http://127.0.0.1:1/other as"],
    ["user", { auth: { username: "else.api", password: "demo-password" } }, "as else.api."],
  ])("is refused for another %s, before any call", async (_what, changes, message) => {
    await run();
    const before = sandbox.requests().length;
    const failure = await run({ client: other(changes) }).catch((error) => error);
    expect(failure).toMatchObject({ name: "SyncError" });
    expect(failure.message).toMatch(/^These tables belong to marketplace se at /);
    expect(failure.message).toContain(message);
    expect(failure.message).not.toContain("demo-password");
    expect(sandbox.requests()).toHaveLength(before);
    expect(await run()).toMatchObject({ isComplete: true, events: 0 });
  });

  test("is accepted with accept, and from then on", async () => {
    await run();
    const client = other({ auth: { username: "new.api", password: "demo-password" }, fetch: undefined });
    // Changes only the account; its calls are the same.
    const { account } = client;
    const same = Object.assign(clientOf(sandbox), { account });
    await expect(run({ client: same })).rejects.toThrow('accept "account" once');
    expect(await run({ client: same, accept: ["account"] })).toMatchObject({ isComplete: true });
    expect(await run({ client: same })).toMatchObject({ isComplete: true });
    await expect(run()).rejects.toThrow("These tables belong to marketplace se");
  });

  test("is not refused for a client with a token function, and stores no secret", async () => {
    const { token = "" } = await clientOf(sandbox).token.create({ marketplace: sandbox.connection.marketplace });
    const client = other({ auth: { token: () => token } });
    await run({ client });
    await run();
    await run({ client });
    const [row] = await to.query<{ value: string }>("SELECT value FROM imcloud_sync_state WHERE name = 'account'");
    const { baseUrl, marketplace, auth } = sandbox.connection;
    expect(JSON.parse(String(row?.value))).toEqual({ baseUrl, marketplace, username: auth.username });
  });

  test("assigns tables without an account to the client's", async () => {
    await run();
    await to.query("DELETE FROM imcloud_sync_state WHERE name = 'account'");
    await run();
    await expect(run({ client: other({ marketplace: "no" }) })).rejects.toThrow(
      "These tables belong to marketplace se",
    );
  });

  test("is refused where only the customers differ", async () => {
    await run();
    const elsewhere = openSandbox({}).sandbox;
    const client = createClient({ ...sandbox.connection, fetch: elsewhere.fetch, rateLimit: false });
    await expect(run({ client })).rejects.toThrow(
      /^None of the first 2 customers of the list is among the 12 in the tables/,
    );
    expect(await to.query("SELECT * FROM imcloud_events")).toEqual([]);
    expect(await run()).toMatchObject({ isComplete: true, events: 0 });
    await expectTables(to, await readMarketplace(clientOf(sandbox)));
  });
});
