import { peers } from "../peers.ts";

/** Measures one contender, named by the first argument. The second is `stub` or the URL of a server. */
const [name = "", where = ""] = process.argv.slice(2);
const body = JSON.stringify({ id: "1", type: "sales", status: "completed", customerId: "2" });
// Replaces the global `fetch`, as some contenders take no other, and look it up when they are loaded.
if (where === "stub") {
  globalThis.fetch = async () => new Response(body, { headers: { "content-type": "application/json" } });
}
const get = await peers[name]?.(where === "stub" ? "https://api.example/marketplace" : where);
if (!get) throw new Error(`There is no ${name}.`);

const CALLS = where === "stub" ? 3_000 : 1_500;
const gc = (globalThis as unknown as { gc(): void }).gc;

async function callMany(count: number): Promise<void> {
  for (let call = 0; call < count; call++) await get?.(String(call));
}

await callMany(CALLS);
gc();
const heap = process.memoryUsage().heapUsed;
// CPU time, as other load on the machine changes the wall-clock time.
const since = process.cpuUsage();
await callMany(CALLS);
const { user, system } = process.cpuUsage(since);
const time = (user + system) / CALLS;
const allocated = (process.memoryUsage().heapUsed - heap) / 1000 / CALLS;
console.log(JSON.stringify({ time, allocated }));
