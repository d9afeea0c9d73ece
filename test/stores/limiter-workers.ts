import { fork } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ownPrefix, until } from "./engines.ts";
import { type Job, type Result, WORKER } from "./limiter-job.ts";
import type { Address } from "./open-store.ts";

/** A gateway that counts like the real one: every call, with sign-ins, in a sliding minute. */
async function startGateway(perMinute: number, minute: number) {
  const times: number[] = [];
  const seen = { calls: 0, refused: 0, signIns: 0, fullest: 0 };
  const shares: Record<string, number> = {};
  const server = createServer((request, response) => {
    const now = performance.now();
    while (Number(times[0]) <= now - minute) times.shift();
    const isTooMuch = times.length >= perMinute;
    times.push(now);
    seen.calls += 1;
    const worker = String(request.headers[WORKER]);
    shares[worker] = (shares[worker] ?? 0) + 1;
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
  return { baseUrl: `http://127.0.0.1:${port}`, seen, shares, stop: () => server.close() };
}

function startWorker(job: Job) {
  const child = fork(join(import.meta.dirname, "limiter-worker.ts"), [JSON.stringify(job)], {
    execArgv: ["--no-warnings"],
  });
  const ended = once(child, "exit");
  const ready = Promise.race([once(child, "message"), ended]);
  return {
    ready,
    /** Starts the work, and returns the report; `undefined` if the worker was killed. */
    async work(): Promise<Result | undefined> {
      child.send("go");
      const [result] = await Promise.race([once(child, "message"), ended]);
      await ended;
      if (child.signalCode === "SIGKILL") return undefined;
      if (child.exitCode !== 0) throw new Error(`A worker ended by ${child.signalCode ?? child.exitCode}.`);
      return result as Result;
    },
    kill: () => child.kill("SIGKILL"),
  };
}

/** The workers that share a limit, and how long. */
export interface Sharing {
  /** The length of a minute in the test, in milliseconds. */
  minute: number;
  /** The limit of the work in minutes, and the calls of each worker. */
  minutes: number;
  calls: number;
  workers: number;
  /** The number of workers to kill, and after how many calls of all. */
  killed: number;
  killedAt: number;
}

const PER_MINUTE = 60;

/** Lets several processes call with one key, as fast as their limiter allows. */
export async function shareLimit(address: Address, sharing: Sharing) {
  const { minute, minutes, calls, workers: count, killed, killedAt } = sharing;
  const gateway = await startGateway(PER_MINUTE, minute);
  const job = { address, prefix: ownPrefix(), baseUrl: gateway.baseUrl, perMinute: PER_MINUTE, minute, calls };
  // The gateway counts by its own clock, as processes begin and end at random times on a busy machine.
  const work = minute * (minutes + 1);
  const workers = Array.from({ length: count }, (_, place) => startWorker({ ...job, work, name: String(place) }));
  await Promise.all(workers.map(({ ready }) => ready));
  const working = Promise.all(workers.map((each) => each.work()));
  const inTime = sleep(minute * minutes, undefined, { ref: false }).then(() => ({
    calls: gateway.seen.calls,
    shares: { ...gateway.shares },
  }));
  await until(() => gateway.seen.calls >= killedAt);
  for (const { kill } of workers.slice(count - killed)) kill();
  const results = (await working).filter((result) => result !== undefined);
  const { refused, signIns } = gateway.seen;
  gateway.stop();
  return {
    ...{
      refused,
      signIns,
      done: results.map(({ done }) => done),
      problems: results.flatMap(({ problems }) => problems),
    },
    /** The calls of each worker within the given minutes. */
    async inTime() {
      const { calls: all, shares } = await inTime;
      const alive = Array.from({ length: count - killed }, (_, place) => shares[place] ?? 0);
      const mean = alive.reduce((sum, each) => sum + each, 0) / alive.length;
      const unfairness = Math.max(...alive.map((each) => Math.abs(each - mean))) / mean;
      return { calls: all, allowed: PER_MINUTE * minutes, shares: alive, unfairness };
    },
  };
}
