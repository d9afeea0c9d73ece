import { createSandbox } from "@imcloud/mock/sandbox";

const credentials = `Basic ${btoa("demo.api:demo-password")}`;
const json = { "content-type": "application/json" };

/** Makes a sandbox with fixtures or a seed of its own, calls it, and closes it. */
async function useOne(number) {
  const { fetch, url, ...sandbox } = createSandbox({
    speed: 0,
    ...(number % 100 === 0 && { size: "medium", seed: number }),
  });
  const headers = { authorization: credentials, ...json };
  const signedIn = await fetch(`${url}/token`, { method: "POST", headers, body: '{"marketplace":"se"}' });
  const authorization = `Bearer ${(await signedIn.json()).token}`;
  const body = JSON.stringify({ type: "renewal", customerId: "1002101", subscriptionId: "700401" });
  const placed = await fetch(`${url}/orders`, { method: "POST", headers: { ...json, authorization }, body });
  if (placed.status !== 200) throw new Error(await placed.text());
  sandbox.save("one");
  await sandbox.advance(10_000);
  await (await fetch(`${url}/subscriptions`, { headers: { authorization } })).text();
  sandbox.close();
}

async function heap() {
  for (let round = 0; round < 4; round++) {
    globalThis.gc();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return process.memoryUsage().heapUsed;
}

const many = async (count) => {
  for (let number = 0; number < count; number++) await useOne(number);
  // The data of the last seed is cached, so both measurements end with the same one.
  createSandbox({ size: "medium", seed: 1 }).close();
};
const [, , count] = process.argv;
await many(150);
const before = await heap();
await many(Number(count));
console.log(JSON.stringify({ grownKilobytes: Math.round(((await heap()) - before) / 1_000) }));
