/** A process that makes calls as fast as the limiter allows, over a shared store. Its argument is a job as JSON. */
import { createClient, isMarketplaceError } from "@imcloud/client";
import { type Job, type Result, WORKER } from "./limiter-job.ts";
import { openStore } from "./open-store.ts";

const job = JSON.parse(process.argv[2] ?? "") as Job;
const { store, close } = await openStore(job.address, { prefix: job.prefix });
const shared = { key: "production", perMinute: job.perMinute, minute: job.minute };
await store.migrate();
const imcloud = createClient({
  baseUrl: job.baseUrl,
  marketplace: "se",
  auth: { username: "demo.api", password: "demo-password" },
  retry: false,
  fetch: (request: Request) => {
    request.headers.set(WORKER, job.name);
    return fetch(request);
  },
  ...store.for(shared),
});

/** Makes calls, twelve at a time. */
async function work(): Promise<Result> {
  const end = performance.now() + job.work;
  let begun = 0;
  let done = 0;
  const problems: string[] = [];
  const one = async () => {
    while (performance.now() < end && begun < job.calls) {
      begun += 1;
      try {
        await imcloud.orders.get("1", {
          timeout: Math.max(1, Math.min(2 ** 31 - 1, Math.ceil(end - performance.now()))),
        });
        done += 1;
      } catch (error) {
        if (performance.now() < end) problems.push(isMarketplaceError(error) ? error.message : String(error));
      }
    }
  };
  await Promise.all(Array.from({ length: 12 }, one));
  return { done, problems: problems.slice(0, 3) };
}

// All workers begin together, as their start takes a random time on a busy machine.
process.once("message", async () => {
  process.send?.(await work());
  await close();
  process.disconnect();
});
// The parent process has ended.
process.once("disconnect", () => process.exit(0));
process.send?.("ready");
