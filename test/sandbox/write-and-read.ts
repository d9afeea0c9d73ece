import { createSandbox, type Sandbox } from "@imcloud/mock/sandbox";
import { sampleCalls, writes } from "./generated-calls.ts";

/** The outcome of writes and of the reads after them. */
export interface WritesReport {
  /** The number of writes by status. */
  byStatus: Record<string, number>;
  /** Failed reads, with their messages. */
  failedReads: string[];
  /** Writes with a 500 that is no conflict, with their messages. */
  failedWrites: string[];
}

const SECOND = 1_000;
const DAY = 86_400_000;
/** Clock steps between writes, so that orders complete and subscriptions renew. */
const STEPS = [0, 3 * SECOND, 10 * SECOND, 40 * DAY];

/** Sends requests, with a new token when the clock has moved. */
async function senderOf(sandbox: Sandbox) {
  let token = "";
  const signIn = async () => {
    const { username, password } = sandbox.credentials;
    const response = await sandbox.fetch(`${sandbox.url}/token`, {
      method: "POST",
      headers: { authorization: `Basic ${btoa(`${username}:${password}`)}`, "content-type": "application/json" },
      body: '{"marketplace":"se"}',
    });
    ({ token } = (await response.json()) as { token: string });
  };
  return {
    signIn,
    send: (target: string, init: RequestInit & { headers?: Record<string, string> } = {}) =>
      sandbox.fetch(`${sandbox.url}${target}`, {
        ...init,
        headers: { ...init.headers, authorization: `Bearer ${token}` },
      }),
  };
}

const LISTS = ["customers", "resellers", "subscriptions", "orders", "reports", "products", "plans"];

/** Reads every list to its end, and the details of each row. */
async function readAll(send: Awaited<ReturnType<typeof senderOf>>["send"]): Promise<string[]> {
  const failed: string[] = [];
  const read = async (target: string) => {
    const response = await send(target);
    const body = (await response.json()) as {
      data?: { id: string }[];
      pagination?: { total: number };
      message?: string;
    };
    if (response.status !== 200) failed.push(`${target}: ${response.status} ${body.message}`);
    return body;
  };
  for (const list of LISTS) {
    for (let offset = 0, total = 1; offset < total; offset += 500) {
      const { data = [], pagination } = await read(`/${list}?limit=500&offset=${offset}`);
      total = list === "reports" ? 0 : (pagination?.total ?? 0);
      for (const { id } of data) {
        if (list !== "products") await read(`/${list}/${id}`);
        if (list === "resellers")
          await Promise.all(["customers", "orders"].map((of) => read(`/resellers/${id}/${of}?limit=500`)));
      }
    }
  }
  return failed;
}

/** Messages of conflicts, to which the API responds 500. */
const CONFLICT = /is being provisioned|is waiting for its date|can no longer be cancelled|in progress|conflict/i;

/** Makes random writes of every operation, advances the clock, and reads everything. */
export async function writeAndRead({ count, seed }: { count: number; seed: number }): Promise<WritesReport> {
  const sandbox = createSandbox({ speed: 0 });
  const { send, signIn } = await senderOf(sandbox);
  const report: WritesReport = { byStatus: {}, failedReads: [], failedWrites: [] };
  await signIn();
  for (const [at, { method, target, headers, body }] of sampleCalls(writes, count, seed).entries()) {
    const response = await send(target, { method, headers, body: body ?? null });
    report.byStatus[response.status] = (report.byStatus[response.status] ?? 0) + 1;
    const text = await response.text();
    if (response.status >= 500 && !CONFLICT.test(text))
      report.failedWrites.push(`${method} ${target} ${body}: ${text}`);
    if (at % 40 === 0) {
      await sandbox.advance(STEPS[(at / 40) % STEPS.length] as number);
      await signIn();
    }
    if (at % 1_000 === 999) report.failedReads.push(...(await readAll(send)));
  }
  await sandbox.advance(400 * DAY);
  await signIn();
  report.failedReads.push(...(await readAll(send)));
  sandbox.close();
  return report;
}
