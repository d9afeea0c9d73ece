import { startMock } from "@imcloud/mock";

const [, , count] = process.argv;
const credentials = `Basic ${btoa("demo.api:demo-password")}`;
const json = { "content-type": "application/json" };

/** Starts a mock with a store of its own beside the main one, calls both, and closes it. */
async function useOne(number) {
  const mock = await startMock({ port: 0, speed: 0, ...(number % 100 === 0 && { size: "medium", seed: number }) });
  for (const url of [mock.url, mock.url.replace("/marketplace", "/w/a/marketplace")]) {
    const headers = { authorization: credentials, ...json };
    const signedIn = await fetch(`${url}/token`, { method: "POST", headers, body: '{"marketplace":"se"}' });
    const authorization = `Bearer ${(await signedIn.json()).token}`;
    const listed = await fetch(`${url}/orders`, { headers: { authorization } });
    if (listed.status !== 200) throw new Error(await listed.text());
    await listed.text();
  }
  mock.save("one");
  await mock.advance(10_000);
  await mock.close();
}

async function heap() {
  for (let round = 0; round < 4; round++) {
    globalThis.gc();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return process.memoryUsage().heapUsed;
}

const many = async (last) => {
  for (let number = 1; number <= last; number++) await useOne(number);
  // The data of the last seed is cached, so both measurements end with the same one.
  await (await startMock({ port: 0, size: "medium", seed: 1 })).close();
};
await many(50);
const before = await heap();
await many(Number(count));
console.log(JSON.stringify({ grownKilobytes: Math.round(((await heap()) - before) / 1_000) }));
