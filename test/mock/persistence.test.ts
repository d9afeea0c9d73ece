import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { platform, tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { startMock } from "@imcloud/mock";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { isNightly } from "../support/nightly.ts";
import { script } from "../support/script.ts";
import { tokenOf } from "../support/token.ts";
import { clientOf, sale, sandbox } from "./sandbox.ts";

const cli = script(fileURLToPath(new URL("../../packages/mock/dist/cli.js", import.meta.url)));
afterEach(cli.endAll);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "imcloud-keeping-"));
});
afterAll(() => rm(folder, { recursive: true }));

const credentials = {
  ...{ username: "demo.api", password: "demo-password" },
  ...{ subscriptionKey: "demo-subscription-key", marketplace: "se" },
};

/** Starts a mock in a process of its own, in these tests' folder, with a client. */
async function process(...words: string[]) {
  const child = cli.startIn(folder, "--port", "0", "--quiet", ...words);
  const [line] = await once(child.stdout, "data");
  const url = String(/http:\S+/.exec(String(line))?.[0]);
  return { child, imcloud: clientOf({ url, credentials } as never) };
}

describe("dataFile", () => {
  test("restores data, time and open orders after a restart", async () => {
    const data = join(folder, "restart.db");
    const first = await sandbox({ data });
    const placed = await first.imcloud.orders.create(sale(3));
    await first.imcloud.customers.update("1002101", { externalId: "KEPT" });
    await first.mock.advance(3_000);
    const before = await first.imcloud.orders.get(placed.id);
    await first.mock.close();

    const second = await sandbox({ data });
    expect(second.mock.now().toISOString()).toBe("2026-10-05T12:00:03.000Z");
    expect(await second.imcloud.orders.get(placed.id)).toEqual(before);
    expect((await second.imcloud.customers.get("1002101")).externalId).toBe("KEPT");
    await second.mock.advance(10_000);
    const { subscriptionId } = await second.imcloud.orders.get(placed.id);
    expect(await second.imcloud.subscriptions.get(String(subscriptionId))).toMatchObject({ status: "active" });
    const next = await second.imcloud.orders.create(sale(1));
    expect(Number(next.id)).toBe(Number(placed.id) + 1);
    await second.mock.reset();
    await second.mock.close();

    const third = await sandbox({ data });
    expect((await third.imcloud.orders.list()).pagination.total).toBe(3);
  });

  test("takes no refresh token for an access token after a restart", async () => {
    const data = join(folder, "refresh.db");
    const first = await sandbox({ data });
    const { username, password, clientId, clientSecret } = first.mock.credentials;
    const body = new URLSearchParams({
      ...{ grant_type: "password", username, password, client_id: clientId, client_secret: clientSecret },
    });
    const realm = "/auth/realms/any/protocol/openid-connect/token";
    const given = await (await fetch(new URL(realm, first.mock.url), { method: "POST", body })).json();
    const { access_token, refresh_token } = given as Record<string, string>;
    await first.mock.close();
    const { mock } = await sandbox({ data });
    const statusWith = async (token: string | undefined) =>
      (await fetch(`${mock.url}/plans`, { headers: { authorization: `Bearer ${token}` } })).status;
    expect([await statusWith(access_token), await statusWith(refresh_token)]).toEqual([200, 401]);
  });

  test("keeps links to report files after a restart, as they are valid for 90 days", async () => {
    const data = join(folder, "links.db");
    const first = await sandbox({ data });
    const { data: reports } = await first.imcloud.reports.list({ status: "completed" });
    const link = new URL(String(reports[0]?.downloadUrl));
    await first.mock.close();
    const second = await sandbox({ data });
    const moved = (url: string) => fetch(new URL(`${link.pathname}${link.search}`, url));
    expect((await moved(second.mock.filesUrl)).status).toBe(200);
    const other = await sandbox();
    expect((await moved(other.mock.filesUrl)).status).toBe(403);
  });

  test("restores the time and the states of orders that were seen within a second", async () => {
    const data = join(folder, "states.db");
    const first = await sandbox({ data });
    const { id } = await first.imcloud.orders.create(sale(1));
    await first.mock.close();
    for (const [step, statusCode] of [
      [600, "OP"],
      [500, "PD"],
      [950, "I4"],
      [950, "PR"],
      [999, "PR"],
      [999, "PR"],
    ] as const) {
      const before = await sandbox({ data });
      await before.mock.advance(step);
      expect(await before.imcloud.orders.get(id)).toMatchObject({ statusCode });
      const now = before.mock.now();
      await before.mock.close();
      const after = await sandbox({ data });
      expect(after.mock.now()).toEqual(now);
      expect(await after.imcloud.orders.get(id)).toMatchObject({ statusCode });
      await after.mock.close();
    }
  });

  test("restores the states of orders that were seen while the clock ran", async () => {
    const data = join(folder, "running.db");
    const first = await sandbox({ data, speed: 1 });
    const { id } = await first.imcloud.orders.create(sale(1));
    const way = ["NW", "OP", "PD", "I4", "PR", "PC", "CP"];
    const placeOf = async ({ imcloud }: typeof first) => way.indexOf(String((await imcloud.orders.get(id)).statusCode));
    await expect.poll(() => placeOf(first)).toBeGreaterThan(0);
    const seen = await placeOf(first);
    await first.mock.close();
    expect(await placeOf(await sandbox({ data }))).toBeGreaterThanOrEqual(seen);
  });

  test("accepts tokens after a restart, except revoked and expired ones", async () => {
    const data = join(folder, "tokens.db");
    const first = await sandbox({ data });
    const early = await tokenOf(first.mock);
    await first.mock.advance(1_000_000);
    const [kept, revoked] = [await tokenOf(first.mock), await tokenOf(first.mock)];
    const statusOf = async (mock: typeof first.mock, token: string) => {
      const headers = { authorization: `Bearer ${token}`, "x-subscription-key": credentials.subscriptionKey };
      return (await fetch(`${mock.url}/customers?limit=1`, { headers })).status;
    };
    first.mock.faults.add({ kind: "expiredToken", count: 1 });
    expect(await statusOf(first.mock, revoked)).toBe(401);
    await first.mock.close();

    const second = await sandbox({ data });
    const statuses = () => Promise.all([early, kept, revoked].map((token) => statusOf(second.mock, token)));
    expect(await statuses()).toEqual([200, 200, 401]);
    await second.mock.advance(600_000);
    expect(await statuses()).toEqual([401, 200, 401]);
  });

  test("continues with medium data as without the restart", async () => {
    const data = join(folder, "medium.db");
    const [kept, other] = [await sandbox({ data, size: "medium" }), await sandbox({ size: "medium" })];
    for (const { mock } of [kept, other]) await mock.advance(40 * 86_400_000);
    await kept.mock.close();
    const again = await sandbox({ data, size: "medium" });
    for (const { mock } of [again, other]) await mock.advance(40 * 86_400_000);
    // What was there before the start is not in the file.
    const creationTimeFrom = "2026-10-01T00:00:00Z";
    const look = async ({ imcloud }: typeof other) => [
      (await imcloud.orders.list({ limit: 1 })).pagination.total,
      await Array.fromAsync(imcloud.orders.list({ creationTimeFrom, limit: 500 })),
      await Array.fromAsync(imcloud.subscriptions.list({ limit: 500 })),
    ];
    expect(await look(again)).toEqual(await look(other));
  });

  test("rejects a file of another version with a clear message", async () => {
    const data = join(folder, "format.db");
    await (await startMock({ port: 0, data })).close();
    const database = new DatabaseSync(data);
    database.exec("UPDATE settings SET value = replace(value, '\"format\":2', '\"format\":1') WHERE name = 'origin'");
    database.close();
    await expect(startMock({ port: 0, data })).rejects.toThrow("was written by another version of the mock");
  });

  test("rejects a file of another size or seed with a clear message", async () => {
    const data = join(folder, "small.db");
    await (await startMock({ port: 0, data })).close();
    const { stderr, code } = await cli.resultOf("--port", "0", "--data", data, "--size", "medium");
    expect(stderr).toContain("holds the data of size small and seed 42; give --size and --seed these values");
    expect(stderr).not.toContain("    at ");
    expect(code).toBe(2);
    await expect(startMock({ port: 0, data, seed: 7 })).rejects.toThrow("holds the data of size small and seed 42");
  });

  test("rejects what is no data file, cannot be created, or is open in another mock", async () => {
    const strange = join(folder, "strange.db");
    await writeFile(strange, "This is a letter to a friend, and it is longer than the head of a database. ".repeat(20));
    await expect(startMock({ port: 0, data: strange })).rejects.toThrow("it is not the data file of a mock");
    await expect(startMock({ port: 0, data: join(folder, "no/such/folder.db") })).rejects.toThrow("cannot be used");
    const data = join(folder, "open.db");
    const open = await startMock({ port: 0, data });
    await expect(startMock({ port: 0, data })).rejects.toThrow("another mock has it open");
    await open.close();
  });

  // Each round starts and kills a whole mock. The unit test of the journal does more rounds.
  const rounds = isNightly ? 100 : 2;

  test(`loses nothing that was acknowledged when its process is killed, in ${rounds} rounds, from the file of that exact name`, async () => {
    // SQLite would read it as the URI of a database in memory. Windows allows no such file name.
    const data = platform() === "win32" ? "killed.db" : "file:killed?mode=memory";
    const acknowledged = new Map<string, string>();
    for (let round = 1; round <= rounds; round++) {
      const { child, imcloud } = await process("--data", data);
      const exit = once(child, "exit");
      if (round % 5 === 1) {
        // Every acknowledged order exists, exactly once.
        const kept = await Array.fromAsync(imcloud.orders.details({}, { concurrency: 10 }));
        const numbers = new Map(kept.map(({ poNumber, id }) => [String(poNumber), id]));
        for (const [poNumber, id] of acknowledged) expect(numbers.get(poNumber)).toBe(id);
        expect(new Set(kept.map(({ poNumber }) => poNumber)).size).toBe(kept.length);
      }
      await imcloud.orders.create(sale(1, { creditCheck: false, poNumber: `R-${round}-0-0` }));
      // Kills it during writes, after a different number of them in each round.
      let left = 3 + ((round * 7) % 10);
      const write = async (worker: number) => {
        for (let count = 0; ; count++) {
          const poNumber = `R-${round}-${worker}-${count}`;
          const { id } = await imcloud.orders.create({ ...sale(1, { creditCheck: false }), poNumber });
          acknowledged.set(poNumber, id);
          left -= 1;
          if (left === 0) child.kill("SIGKILL");
        }
      };
      await Promise.allSettled([write(1), write(2), write(3)]);
      await exit;
    }
    const { imcloud } = await process("--data", data);
    const kept = await Array.fromAsync(imcloud.orders.details({}, { concurrency: 10 }));
    const numbers = new Map(kept.map(({ poNumber, id }) => [String(poNumber), id]));
    for (const [poNumber, id] of acknowledged) expect(numbers.get(poNumber)).toBe(id);
    expect(acknowledged.size).toBeGreaterThan(rounds);
    console.log(`${rounds} rounds, ${acknowledged.size} orders acknowledged, none lost`);
  }, 300_000);
});
