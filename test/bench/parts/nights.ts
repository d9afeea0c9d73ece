import { createClient } from "@imcloud/client";
import { createSandbox, type Sandbox } from "@imcloud/mock/sandbox";
import { sqliteTables, sync } from "@imcloud/sync";
import { type Part, row } from "../measure.ts";

const DAY = 86_400_000;
const PER_MINUTE = 60;

/** Minutes that a number of calls takes at the gateway's limit. The first sixty pass at once. */
const minutesOf = (calls: number) => Math.floor((calls - 1) / PER_MINUTE);

const connect = ({ connection }: Sandbox) => createClient({ ...connection, rateLimit: false });

/** The loop that people write: every list, then the details of every row, every night. */
async function plainLoop(sandbox: Sandbox): Promise<number> {
  let calls = 0;
  const fetch = (request: Request) => {
    calls += 1;
    return sandbox.fetch(request);
  };
  const client = createClient({ ...sandbox.connection, fetch, rateLimit: false });
  for (const resource of ["customers", "subscriptions", "orders"] as const) {
    const rows: { id: string }[] = await client[resource].list().toArray({ max: Number.POSITIVE_INFINITY });
    for (const { id } of rows) await client[resource].get(id);
  }
  for (const resource of ["products", "reports"] as const) await client[resource].list().toArray();
  return calls;
}

/** The CPU time of some work, in seconds. */
async function cpuOf<T>(work: () => Promise<T>): Promise<[result: T, seconds: number]> {
  const before = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(before);
  return [result, (user + system) / 1e6];
}

/** Two nightly syncs of the medium sandbox: 500 customers, 2,000 subscriptions, 20,000 orders, and the changes of a day. */
export async function nights(): Promise<Part> {
  const sandbox = createSandbox({ size: "medium", speed: 0 });
  const to = sqliteTables(":memory:");
  const rows: Part["rows"] = [];
  const kept: number[] = [];
  const plain: number[] = [];
  for (const night of ["the first night", "the second night"]) {
    const [{ calls }, seconds] = await cpuOf(() =>
      sync({ client: connect(sandbox), to, now: () => sandbox.now(), perDay: 1_000_000 }),
    );
    const [loop, loopSeconds] = await cpuOf(() => plainLoop(sandbox));
    kept.push(calls);
    plain.push(loop);
    for (const [who, made, took] of [
      ["imcloud", calls, seconds],
      ["a loop over lists and details", loop, loopSeconds],
    ] as const) {
      rows.push(row("nights", `${night}, calls`, who, "calls", [made]));
      rows.push(row("nights", `${night}, time at 60 calls a minute`, who, "minutes", [minutesOf(made)]));
      rows.push(row("nights", `${night}, CPU time, the mock's too`, who, "s", [took]));
    }
    await sandbox.advance(DAY);
  }
  await to.close();
  const [first = 0, second = 0] = kept;
  return {
    rows,
    budgets: [
      { name: "calls of a first sync / of a loop", ratio: first / Number(plain[0]), limit: 1, is: "at most" },
      { name: "calls of a second sync / of a loop", ratio: second / Number(plain[1]), limit: 0.02, is: "at most" },
    ],
  };
}
