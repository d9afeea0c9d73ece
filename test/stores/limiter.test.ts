import { type ChildProcess, execFile } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { skipEach } from "../support/skip.ts";
import { type Engine, engines, ownPrefix } from "./engines.ts";
import type { Job } from "./worker.ts";

/** A gateway that counts as the real one does: every call, sign-ins included, in a sliding minute. */
async function startGateway(perMinute: number, minute: number) {
  const times: number[] = [];
  const seen = { calls: 0, refused: 0, signIns: 0, fullest: 0 };
  const server = createServer((request, response) => {
    const now = performance.now();
    while (Number(times[0]) <= now - minute) times.shift();
    const isTooMuch = times.length >= perMinute;
    times.push(now);
    seen.calls += 1;
    seen.fullest = Math.max(seen.fullest, times.length);
    if (isTooMuch) seen.refused += 1;
    const isToken = request.url?.endsWith("/token");
    if (isToken) seen.signIns += 1;
    const body = isToken ? { token: "t", expiresInSeconds: 1500 } : { id: "1" };
    response.writeHead(isTooMuch ? 429 : 200, { "content-type": "application/json" });
    response.end(JSON.stringify(isTooMuch ? { message: "Rate limit is exceeded." } : body));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return { baseUrl: `http://127.0.0.1:${port}`, seen, stop: () => server.close() };
}

interface Result {
  done: number;
  problems: string[];
}

function startWorker(job: Job): { child: ChildProcess; result: Promise<Result | undefined> } {
  let child!: ChildProcess;
  const result = new Promise<Result | undefined>((resolve, reject) => {
    const file = join(import.meta.dirname, "worker.ts");
    child = execFile(process.execPath, ["--no-warnings", file, JSON.stringify(job)], (error, stdout, stderr) => {
      if (error?.signal === "SIGKILL") resolve(undefined);
      else if (error) reject(new Error(stderr || error.message));
      else resolve(JSON.parse(stdout) as Result);
    });
  });
  return { child, result };
}

const PER_MINUTE = 60;
/** At night a minute is longer, so that the way to the engine counts for less of it, as it does where a minute is one. */
const { MINUTE, MINUTES, WORKERS, KILLED } = process.env.NIGHTLY
  ? { MINUTE: 6_000, MINUTES: 10, WORKERS: 8, KILLED: 2 }
  : { MINUTE: 4_000, MINUTES: 1.5, WORKERS: 3, KILLED: 1 };

describe.concurrent.each(engines)("a rate limit shared by $name", ({ start, missing }) => {
  skipEach(missing);
  let engine: Engine;
  beforeAll(async () => {
    if (!missing) engine = await start();
  });
  afterAll(() => engine?.stop());

  test("processes with one key make no 429, also when some are killed on the way", async () => {
    const gateway = await startGateway(PER_MINUTE, MINUTE);
    const job: Job = {
      address: engine.address,
      prefix: ownPrefix(),
      baseUrl: gateway.baseUrl,
      perMinute: PER_MINUTE,
      minute: MINUTE,
      work: MINUTE * MINUTES,
    };
    const workers = Array.from({ length: WORKERS }, () => startWorker(job));
    await sleep(MINUTE / 2);
    for (const { child } of workers.slice(WORKERS - KILLED)) child.kill("SIGKILL");
    const results = (await Promise.all(workers.map(({ result }) => result))).filter((result) => result !== undefined);
    gateway.stop();
    const done = results.map((result) => result.done);
    console.log(JSON.stringify({ ...gateway.seen, done, allowed: PER_MINUTE * MINUTES }));
    expect(results.flatMap(({ problems }) => problems)).toEqual([]);
    expect(gateway.seen.refused).toBe(0);
    expect(gateway.seen.signIns).toBe(1);
    expect(Math.min(...done)).toBeGreaterThan(0);
    if (!process.env.NIGHTLY) return;
    // What a worker missed is made up in the minutes after, of which there are enough here.
    const mean = done.reduce((sum, each) => sum + each, 0) / done.length;
    for (const each of done) expect(Math.abs(each - mean) / mean).toBeLessThanOrEqual(0.1);
    expect(gateway.seen.calls).toBeGreaterThanOrEqual(0.95 * PER_MINUTE * MINUTES);
  }, 120_000);
});
