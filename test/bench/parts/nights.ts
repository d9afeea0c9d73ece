import { createClient } from "@imcloud/client";
import { createSandbox, type Sandbox } from "@imcloud/mock/sandbox";
import { sqliteTables, sync } from "@imcloud/sync";
import { byTurns, exactRow, type Part, row } from "../measure.ts";

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

const NIGHTS = ["the first night", "the second night"];
const CONTENDERS = ["imcloud", "a loop over lists and details"];
const ROUNDS = 3;

/** What a night took a contender. */
interface Night {
  calls: number;
  seconds: number;
}

/** Two nights of a new marketplace, with the changes of a day between them, as one contender reads them. */
async function readNights(who: string): Promise<Night[]> {
  const sandbox = createSandbox({ size: "medium", speed: 0 });
  const to = sqliteTables(":memory:");
  const bySync = async () =>
    (await sync({ client: connect(sandbox), to, now: () => sandbox.now(), perDay: 1_000_000 })).calls;
  const found: Night[] = [];
  for (const _ of NIGHTS) {
    const [calls, seconds] = await cpuOf(who === "imcloud" ? bySync : () => plainLoop(sandbox));
    found.push({ calls, seconds });
    await sandbox.advance(DAY);
  }
  await to.close();
  return found;
}

/** Two nightly syncs of the medium sandbox: 500 customers, 2,000 subscriptions, 20,000 orders, and the changes of a day. */
export async function nights(): Promise<Part> {
  const found = await byTurns(CONTENDERS, ROUNDS, readNights);
  const callsOf = (who: string, night: number) => found.get(who)?.[0]?.[night]?.calls ?? Number.NaN;
  const rows = NIGHTS.flatMap((night, at) =>
    [...found].flatMap(([who, rounds]) => [
      exactRow(`${night}, calls`, who, "calls", callsOf(who, at)),
      exactRow(`${night}, time at 60 calls a minute`, who, "minutes", minutesOf(callsOf(who, at))),
      row(
        `${night}, CPU time, the mock's too`,
        who,
        "s",
        rounds.map((each) => each[at]?.seconds ?? Number.NaN),
      ),
    ]),
  );
  const [first, second] = NIGHTS.map((_, night) => {
    const [ours = Number.NaN, loop = Number.NaN] = CONTENDERS.map((who) => callsOf(who, night));
    return ours / loop;
  });
  return {
    rows,
    budgets: [
      { name: "calls of a first sync / of a loop", ratio: first ?? Number.NaN, limit: 1, is: "at most" },
      { name: "calls of a second sync / of a loop", ratio: second ?? Number.NaN, limit: 0.02, is: "at most" },
    ],
  };
}
