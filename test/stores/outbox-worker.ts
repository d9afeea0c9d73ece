/** A process that does jobs through an outbox, and kills itself by SIGKILL at a given step. Jobs come as messages. */
import { writeSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { type CustomerCreate, createClient, type ImcloudClient, type OrderCreate, type Outbox } from "@imcloud/client";
import { createOutbox } from "@imcloud/stores";
import { openStore } from "./open-store.ts";
import { DIE_AT, type OutboxJob, type OutboxReport, PROCESS } from "./outbox-job.ts";
import { untilKnown } from "./until-known.ts";

/** The name of a request's step. */
function kindOf({ method, url }: Request): string {
  if (url.endsWith("/token")) return "sign-in";
  return method === "GET" ? "search" : "send";
}

/** Counts the steps of a job, and kills the process at one of them. */
function counting(dieAt: number | undefined) {
  let steps = 0;
  let isOver = false;
  /** Reports the last step synchronously, as the process is killed right after. */
  const say = (name: string) => writeSync(1, name);
  const isLast = (name: string): boolean => {
    steps += 1;
    const isIt = steps === dieAt && !isOver;
    if (isIt) say(name);
    return isIt;
  };
  const step = (name: string) => {
    if (isLast(name)) process.kill(process.pid, "SIGKILL");
  };
  return {
    /** Ends the counting, as the process goes on with the next job. */
    end(): number {
      isOver = true;
      return steps;
    },
    async around<T>(name: string, work: () => Promise<T>): Promise<T> {
      step(`before the ${name}`);
      const result = await work();
      step(`after the ${name}`);
      return result;
    },
    /** A request has two further steps at which the gateway kills, as only it knows when they are. */
    async send(request: Request): Promise<Response> {
      const kind = kindOf(request);
      step(`before the ${kind}`);
      request.headers.set(PROCESS, String(process.pid));
      if (isLast(`after the ${kind}`)) request.headers.set(DIE_AT, "arrived");
      if (isLast(`before the response to the ${kind}`)) request.headers.set(DIE_AT, "done");
      const response = await fetch(request);
      step(`after the response to the ${kind}`);
      return response;
    },
  };
}

const options = { settleTimeout: 150 };

const ways: {
  [Kind in "order" | "customer" | "seats"]: (imcloud: ImcloudClient, task: never, outbox: Outbox) => Promise<unknown>;
} = {
  order: (imcloud, order: OrderCreate & { poNumber: string }, outbox: Outbox) =>
    imcloud.orders.createOnce(order, { ...options, outbox }),
  customer: (imcloud, customer: CustomerCreate & { externalId: string }, outbox: Outbox) =>
    imcloud.customers.createOnce(customer, { ...options, outbox }),
  seats: (
    imcloud,
    { subscription, by, poNumber }: { subscription: string; by: number; poNumber: string },
    outbox: Outbox,
  ) => imcloud.subscriptions.changeSeats(subscription, { by }, { ...options, outbox, poNumber, wait: false }),
};

async function work(job: OutboxJob): Promise<OutboxReport> {
  const { around, send, end } = counting(job.dieAt);
  const { store, close } = await openStore(job.address, { prefix: job.prefix, lease: job.lease });
  await store.migrate();
  const imcloud = createClient({
    baseUrl: job.baseUrl,
    marketplace: "se",
    auth: job.auth,
    subscriptionKey: job.subscriptionKey,
    rateLimit: false,
    retry: { limit: 2, minDelay: 1, maxDelay: 5 },
    // Long, as a read that times out on a busy machine would leave an outcome open for a person.
    timeout: 30_000,
    fetch: (request) => send(request as Request),
  });
  const outbox = createOutbox({
    async claim(key, claimOptions) {
      const claim = await around("claim", () => store.outbox.claim(key, claimOptions));
      return {
        ...claim,
        save: (entry) => around(entry.id === undefined ? "write" : "write of the end", () => claim.save(entry)),
        release: () => around("release", () => claim.release()),
      };
    },
  });
  let finished = 0;
  if (job.resumeAfter !== undefined) {
    await sleep(job.resumeAfter);
    finished = (await store.outbox.resume(imcloud, options)).finished.length;
  }
  for (const task of job.tasks) {
    const [[kind, what]] = Object.entries(task) as [[keyof typeof ways, never]];
    await untilKnown(() => ways[kind](imcloud, what, outbox));
  }
  await close();
  return { finished, steps: end() };
}

process.on("message", async (job: OutboxJob) => {
  const report = await work(job).catch((error: Error): OutboxReport => ({ error: String(error.stack) }));
  process.send?.(report);
});
// The parent process has ended.
process.on("disconnect", () => process.exit(0));
process.send?.("ready");
