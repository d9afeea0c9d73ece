import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, test } from "vitest";
import { paths } from "../../scripts/paths.ts";
import { openOwnTab } from "../browser/browser.ts";

/** A service worker that calls the API for a page. It loads the built package without a bundler. */
const WORKER = `
import { createClient } from "/dist/index.js";

const imcloud = createClient({ baseUrl: "/api" });
addEventListener("install", (event) => event.waitUntil(skipWaiting()));
addEventListener("message", async ({ data, ports }) => {
  try {
    ports[0].postMessage(await imcloud.customers.get(data));
  } catch (error) {
    ports[0].postMessage(String(error));
  }
});`;

const PAGE = `<!doctype html><title>…</title><script type="module">
const registration = await navigator.serviceWorker.register("/worker.js", { type: "module" });
const worker = registration.installing ?? registration.active;
const { port1, port2 } = new MessageChannel();
port1.onmessage = ({ data }) => { document.title = data.name ?? data; };
worker.postMessage("1002101", [port2]);
</script>`;

const RESPONSES: Record<string, [type: string, text: string]> = {
  "/": ["text/html", PAGE],
  "/worker.js": ["text/javascript", WORKER],
  "/api/customers/1002101": ["application/json", '{"id":"1002101","name":"Brightwater Dental Group"}'],
};

async function responseTo(path: string): Promise<[type: string, text: string] | undefined> {
  const name = /^\/dist\/([\w.-]+\.js)$/.exec(path)?.[1];
  return name ? ["text/javascript", await readFile(join(paths.client, "dist", name), "utf8")] : RESPONSES[path];
}

test("createClient works in a module service worker, where dynamic import is forbidden", async () => {
  const server = createServer(async (request, response) => {
    const [type, text] = (await responseTo(String(request.url))) ?? [];
    response.writeHead(type ? 200 : 404, { "content-type": type ?? "text/plain" }).end(text);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const page = await openOwnTab();
  try {
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await expect.poll(() => page.title()).toBe("Brightwater Dental Group");
  } finally {
    await page.context().close();
    server.close();
    server.closeAllConnections();
  }
}, 60_000);
