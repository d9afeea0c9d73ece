import { createSandbox } from "@imcloud/mock/sandbox";

const credentials = `Basic ${btoa("demo.api:demo-password")}`;
const json = { "content-type": "application/json" };

/** Makes a sandbox, calls it, and closes it. */
async function useOne(options) {
  const { fetch, url, ...sandbox } = createSandbox({ speed: 0, ...options });
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

const small = async (count) => {
  for (let number = 0; number < count; number++) await useOne({});
};
/** Medium ones with a seed each that no other has: only the data of the last one is cached. */
const medium = async (first, count) => {
  for (let seed = first; seed < first + count; seed++) await useOne({ size: "medium", seed });
};

const [, , count] = process.argv;
await small(50);
await medium(1, 1);
const before = await heap();
await small(Number(count));
const afterSmall = await heap();
await medium(2, Math.ceil(Number(count) / 100));
console.log(JSON.stringify({ small: afterSmall - before, medium: (await heap()) - afterSmall }));
