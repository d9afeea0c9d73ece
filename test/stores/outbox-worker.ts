/** A process that places orders through an outbox, and ends by SIGKILL at some step. Told what to do as JSON. */
import { type Auth, createClient, type OrderCreate } from "@imcloud/client";
import { createOutbox } from "@imcloud/stores";
import { type Address, openStore } from "./engines.ts";
import { untilKnown } from "./until-known.ts";

/** What the process is told. */
export interface OutboxJob {
  address: Address;
  prefix: string;
  baseUrl: string;
  auth: Auth;
  subscriptionKey: string;
  /** Milliseconds for which a claim is held without a sign of life. */
  lease: number;
  orders: (OrderCreate & { poNumber: string })[];
  /** The step before which it is killed; without it, it comes to its end. */
  dieAt?: number | undefined;
  /** Finishes what others left before it places its own. */
  resume: boolean;
}

const job = JSON.parse(process.argv[2] ?? "") as OutboxJob;
let steps = 0;
const step = () => {
  steps += 1;
  if (steps === job.dieAt) process.kill(process.pid, "SIGKILL");
};

/** The same work, with a step before and after it. */
async function stepped<T>(work: () => Promise<T>): Promise<T> {
  step();
  const result = await work();
  step();
  return result;
}

const { store, close } = openStore(job.address, { prefix: job.prefix, lease: job.lease });
await store.migrate();
const imcloud = createClient({
  baseUrl: job.baseUrl,
  marketplace: "se",
  auth: job.auth,
  subscriptionKey: job.subscriptionKey,
  rateLimit: false,
  retry: { limit: 2, minDelay: 1, maxDelay: 5 },
  timeout: 2_000,
  fetch: (request) => stepped(() => fetch(request as Request)),
});
const outbox = createOutbox({
  async claim(key, options) {
    const claim = await stepped(() => store.outbox.claim(key, options));
    return {
      ...claim,
      save: (entry) => stepped(() => claim.save(entry)),
      release: () => stepped(() => claim.release()),
    };
  },
});
const options = { settleTimeout: 150 };
if (job.resume) await store.outbox.resume(imcloud, options);
const placed: string[] = [];
for (const order of job.orders) {
  placed.push((await untilKnown(() => imcloud.orders.createOnce(order, { ...options, outbox }))).id);
}
await close();
console.log(JSON.stringify({ placed, steps }));
process.exit(0);
