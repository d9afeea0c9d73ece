import { createRequire } from "node:module";
import { startMock } from "@imcloud/mock";

const credentials = `Basic ${btoa("demo.api:demo-password")}`;
const json = { "content-type": "application/json" };

/** Starts a mock with a store of its own beside the main one, calls both, and closes it. */
async function useOne() {
  const mock = await startMock({ port: 0, speed: 0 });
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

const many = async (count) => {
  for (let number = 0; number < count; number++) await useOne();
};

const [, , count] = process.argv;
await many(20);
const before = await heap();
await many(Number(count));
console.log(
  JSON.stringify({ grown: (await heap()) - before, loaded: Object.keys(createRequire(import.meta.url).cache) }),
);
