import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { createClient, type SubscriptionDetails } from "@imcloud/client";
import { startMock } from "@imcloud/mock";
import type { Sandbox } from "@imcloud/mock/sandbox";
import { due, type MarginRow, margins, reconcile, type SyncStore, seats, sqliteTables, sync } from "@imcloud/sync";
import { paths } from "../../scripts/paths.ts";
import { syncUntilKilled } from "./kills.ts";
import {
  clientOf,
  DAY,
  differencesOf,
  leastCalls,
  type Marketplace,
  openSandbox,
  plainCalls,
  readMarketplace,
} from "./marketplace.ts";

// The nightly tests of a sync over whole marketplaces: `node test/sync/night.ts [kills] [second] [large] [processes]`. They take some
// twenty minutes. `npm test` does the same over a small marketplace.

const asked = new Set(process.argv.slice(2));
const isAsked = (part: string) => asked.size === 0 || asked.has(part);
const folder = await mkdtemp(join(tmpdir(), "imcloud-sync-night-"));
const failed: string[] = [];

function hold(what: string, isTrue: boolean): void {
  console.log(`${isTrue ? "ok" : "!!"}  ${what}`);
  if (!isTrue) failed.push(what);
}

/** Kills a sync of the medium sandbox at every call: each process gets one response. */
async function kills(sandbox: Sandbox, marketplace: Marketplace): Promise<void> {
  const file = join(folder, "kills.db");
  const open = () => sqliteTables(file);
  const { token = "" } = await clientOf(sandbox).token.create({ marketplace: sandbox.connection.marketplace });
  let ends = 0;
  // Alternately before a call reaches the API and after its response.
  while (!(await syncUntilKilled(sandbox, open, { calls: 1, moment: ends % 2 ? "after" : "before", token }))) ends += 1;
  const store = open();
  const wrong = await differencesOf(store, marketplace);
  await store.close();
  hold(
    `killed at each of ${ends} calls, the tables equal the marketplace: ${wrong.length} differences`,
    wrong.length === 0,
  );
  hold(`every call of a run was one (${plainCalls(marketplace)})`, ends >= plainCalls(marketplace) - 1);
}

/** A second night, in which one in a hundred resources has changed. */
async function secondNight(sandbox: Sandbox, marketplace: Marketplace): Promise<void> {
  const to = sqliteTables(join(folder, "second.db"));
  const now = () => sandbox.now();
  const first = await sync({ client: clientOf(sandbox), to, now, perDay: 100_000 });
  const firstDay = sandbox.now().toISOString().slice(0, 10);
  const client = clientOf(sandbox);
  await sandbox.advance(DAY);
  const every = (count: number) => (_: unknown, index: number) => index % count === 7;
  for (const [place, id] of [...marketplace.customers.keys()].filter(every(100)).entries()) {
    await client.customers.update(id, { externalId: `NIGHT-${place}` });
  }
  const active = [...marketplace.subscriptions.values()].filter(({ status }) => status === "active");
  for (const [place, { id }] of active.filter(every(66)).entries()) {
    await client.subscriptions.update(String(id), { attributes: { costCenter: `N${place}` } });
  }
  await sandbox.advance(DAY / 2);
  const then = await readMarketplace(clientOf(sandbox));
  const { changed, least } = leastCalls(marketplace, then, firstDay);
  const { calls, isComplete } = await sync({ client: clientOf(sandbox), to, now, perDay: 100_000 });
  const wrong = await differencesOf(to, then);
  await to.close();
  await questions(sandbox, then);
  console.log(`first night ${first.calls} calls; the plain loop takes ${plainCalls(then)} each night`);
  hold(
    `the second night's tables equal the marketplace: ${wrong.length} differences`,
    isComplete && wrong.length === 0,
  );
  const share = (calls / least).toFixed(3);
  hold(`${changed} things changed; ${calls} calls, ${share} of the least, ${least}`, calls <= 1.1 * least);
}

/** The yearly price and cost of each customer's active subscriptions, by currency, at today's prices. */
function yearsOf(active: readonly SubscriptionDetails[]): Map<string, { price: number; cost: number }> {
  const years = new Map<string, { price: number; cost: number }>();
  for (const { customerId, billingPeriod, products = [] } of active) {
    const duration = Number(billingPeriod?.duration);
    const months = { month: duration, year: 12 * duration }[String(billingPeriod?.type)];
    for (const { extendedPrice, unitCost, quantity } of products) {
      if (!months || !unitCost?.amount || extendedPrice?.currency !== unitCost.currency) continue;
      const key = `${customerId} ${unitCost.currency}`;
      const { price, cost } = years.get(key) ?? { price: 0, cost: 0 };
      const [sold, bought] = [Number(extendedPrice?.amount), Number(unitCost.amount) * Number(quantity)];
      years.set(key, { price: price + (sold * 12) / months, cost: cost + (bought * 12) / months });
    }
  }
  return years;
}

/** The customers whose margins differ from the API's sums by more than a cent of rounding. */
function wrongMargins(rows: readonly MarginRow[], active: readonly SubscriptionDetails[]): string[] {
  const years = yearsOf(active);
  const isNear = (a: number, b: number) => Math.abs(a - b) < 0.0101;
  const wrong = rows.flatMap(({ customerId, currency, yearlyPrice, yearlyCost, yearlyMargin }) => {
    const key = `${customerId} ${currency}`;
    const year = years.get(key);
    years.delete(key);
    const isRight =
      year !== undefined &&
      isNear(year.price, yearlyPrice) &&
      isNear(year.cost, yearlyCost) &&
      isNear(year.price - year.cost, yearlyMargin);
    return isRight ? [] : [key];
  });
  return [...wrong, ...years.keys()];
}

/** Single months, several months, a turn of the year, and an hour at a month's end. */
const PERIODS = [
  ["2026-03-01T00:00:00Z", "2026-03-31T23:59:59.999Z"],
  ["2026-03-01T00:00:00Z", "2026-10-04T00:00:00Z"],
  ["2025-11-15T00:00:00Z", "2026-02-14T23:59:59.999Z"],
  ["2026-03-31T22:00:00Z", "2026-04-01T01:00:00Z"],
] as const;

/** Reconciles the invoices of a period, with refunds and with those of subresellers. */
async function invoicesOf(sandbox: Sandbox, to: SyncStore, from: Date, until: Date): Promise<void> {
  const report = await clientOf(sandbox).reports.create({
    ...{ name: "Every Invoice - Full View", format: "json" },
    ...{ startDate: from.toISOString(), endDate: until.toISOString() },
  });
  await sandbox.advance(60_000);
  const chunks = await Array.fromAsync(await clientOf(sandbox).reports.download(String(report.id)));
  const lines = JSON.parse(Buffer.concat(chunks).toString());
  const { totals, differences } = await reconcile({ from: to, lines, period: { from, to: until } });
  const said = totals.map(({ currency, report: billed, difference }) => `${billed} ${currency}, ${difference} more`);
  const days = `${from.toISOString().slice(0, 10)} to ${until.toISOString().slice(0, 10)}`;
  hold(`invoices of ${days}: ${lines.length} lines, ${said.join("; ")}`, lines.length > 0 && differences.length === 0);
}

/** Compares the answers from the tables with the API's data. */
async function questions(sandbox: Sandbox, marketplace: Marketplace): Promise<void> {
  const to = sqliteTables(join(folder, "second.db"));
  const active = [...marketplace.subscriptions.values()].filter(
    ({ status }) => status === "active",
  ) as unknown[] as SubscriptionDetails[];
  const units = active
    .flatMap(({ products = [] }) => products)
    .reduce((sum, { quantity }) => sum + Number(quantity), 0);
  const counted = (await seats(to)).reduce((sum, row) => sum + row.seats, 0);
  hold(`seats: ${counted} in the tables, ${units} in the API`, counted === units);
  const last = new Date(sandbox.now().getTime() + 30 * DAY).toISOString().slice(0, 10);
  const next = ({ renewalStatus, renewalDate, expirationDate }: SubscriptionDetails) =>
    renewalStatus ? (renewalDate ?? expirationDate) : expirationDate;
  const expected = active.filter((each) => (next(each) ?? "9999") <= last).map(({ id }) => id);
  const found = (await due(to, { within: 30, today: sandbox.now() })).map(({ subscriptionId }) => subscriptionId);
  hold(`due in 30 days: ${found.length}, and the same`, isDeepStrictEqual(found.toSorted(), expected.toSorted()));
  const rows = await margins(to);
  const wrong = wrongMargins(rows, active);
  hold(
    `margins of ${rows.length} customers: ${wrong.length} are others than in the API`,
    rows.length > 0 && !wrong.length,
  );
  for (const [from, until] of PERIODS) await invoicesOf(sandbox, to, new Date(from), new Date(until));
  await to.close();
}

/** Syncs the large marketplace within its calls of a day, by its own clock. */
async function large(): Promise<void> {
  const { sandbox } = openSandbox({ size: "large" });
  const to = sqliteTables(join(folder, "large.db"));
  const perDay = 3_000;
  let [days, most, all] = [0, 0, 0];
  for (let isComplete = false; !isComplete; ) {
    const result = await sync({ client: clientOf(sandbox), to, now: () => sandbox.now(), perDay });
    ({ isComplete } = result);
    most = Math.max(most, result.calls);
    all += result.calls;
    days += 1;
    if (!isComplete) await sandbox.advance(DAY);
    if (days % 10 === 0)
      console.log(`day ${days}: ${JSON.stringify(result.remaining)}, done ${result.doneAt?.toISOString()}`);
  }
  const things = await to.query<{ things: number }>(
    "SELECT COUNT(*) AS things FROM imcloud_sync_records WHERE read_at IS NOT NULL",
  );
  // Each resource was read at least once. Changed ones are read again, before the rest.
  const least = Math.ceil(Number(things[0]?.things) / perDay);
  await to.close();
  hold(
    `the large sandbox: ${days} days, least ${least}; ${all} calls, at most ${most} of ${perDay} a day`,
    most <= perDay && days <= 1.5 * least,
  );
}

/** Real processes, killed by SIGKILL, against a mock server. */
async function processes(): Promise<void> {
  const mock = await startMock({ port: 0, size: "medium", speed: 0, print: () => {} });
  const file = join(folder, "processes.db");
  const start = () =>
    spawn(
      process.execPath,
      ["--no-warnings", join(paths.root, "test/sync/worker.ts"), file, JSON.stringify(mock.connection)],
      {
        stdio: ["ignore", "ignore", "inherit"],
      },
    );
  let ends = 0;
  for (; ends < 8; ends++) {
    const worker = start();
    const ended = once(worker, "exit");
    await new Promise((resolve) => setTimeout(resolve, 1_000 + 500 * ends));
    worker.kill("SIGKILL");
    await ended;
  }
  const [code] = await once(start(), "exit");
  const store = sqliteTables(file);
  const wrong = await differencesOf(
    store,
    await readMarketplace(createClient({ ...mock.connection, rateLimit: false })),
  );
  await store.close();
  await mock.close();
  hold(
    `${ends} processes ended by SIGKILL, one went on to the end: ${wrong.length} differences`,
    code === 0 && wrong.length === 0,
  );
}

if (isAsked("kills") || isAsked("second")) {
  const { sandbox, client } = openSandbox({ size: "medium" });
  const marketplace = await readMarketplace(client);
  if (isAsked("kills")) await kills(sandbox, marketplace);
  if (isAsked("second")) await secondNight(sandbox, marketplace);
}
if (isAsked("processes")) await processes();
if (isAsked("large")) await large();
await rm(folder, { recursive: true });
process.exitCode = failed.length ? 1 : 0;
