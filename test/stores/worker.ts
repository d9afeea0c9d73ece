/** A process that makes calls as fast as it may, through a store that it shares with others. Told what to do as JSON. */
import { createClient, isMarketplaceError } from "@imcloud/client";
import { type Address, openStore } from "./engines.ts";

/** What a worker is told. */
export interface Job {
  address: Address;
  prefix: string;
  baseUrl: string;
  perMinute: number;
  /** Milliseconds of a minute. */
  minute: number;
  /** Milliseconds to work. */
  work: number;
}

const job = JSON.parse(process.argv[2] ?? "") as Job;
const { store, close } = openStore(job.address, { prefix: job.prefix });
const shared = { key: "production", perMinute: job.perMinute, minute: job.minute };
await store.migrate();
const imcloud = createClient({
  baseUrl: job.baseUrl,
  marketplace: "se",
  auth: { username: "demo.api", password: "demo-password" },
  retry: false,
  ...store.for(shared),
});
const end = performance.now() + job.work;
let done = 0;
const problems: string[] = [];
const one = async () => {
  while (performance.now() < end) {
    try {
      await imcloud.orders.get("1", { timeout: Math.max(1, Math.ceil(end - performance.now())) });
      done += 1;
    } catch (error) {
      if (performance.now() < end) problems.push(isMarketplaceError(error) ? error.message : String(error));
    }
  }
};
await Promise.all(Array.from({ length: 12 }, one));
await close();
console.log(JSON.stringify({ done, problems: problems.slice(0, 3) }));
process.exit(0);
