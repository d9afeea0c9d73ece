import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { createClient } from "@imcloud/client";
import { afterAll, beforeAll, expect, test } from "vitest";
import { paths } from "../../scripts/paths.ts";
import { type Site, startSite } from "./site.ts";

let site: Site;
/** A server of another origin, with a copy of the docs that is sent without security headers. */
let other: Server;
let otherUrl: string;
beforeAll(async () => {
  site = await startSite();
  other = createServer((request, response) => {
    const path = (request.url ?? "").replace(/\?.*/, "");
    const type = path.endsWith(".js") ? "text/javascript" : path.endsWith(".css") ? "text/css" : "text/html";
    response.setHeader("content-type", type);
    if (path === "/frame") {
      const address = new URL(request.url ?? "", "http://other.example").searchParams.get("of");
      response.end(`<!doctype html><iframe src="${address}" width="900" height="700"></iframe>`);
    } else response.end(readFileSync(join(paths.docs, path)));
  }).listen(0, "127.0.0.1");
  await once(other, "listening");
  otherUrl = `http://127.0.0.1:${(other.address() as AddressInfo).port}/`;
});
afterAll(async () => {
  other?.closeAllConnections();
  other?.close();
  await site?.close();
});

const frameOf = (address: string) => `${otherUrl}frame?of=${encodeURIComponent(address)}`;

test("another page cannot frame the console that npm start serves", async () => {
  await site.mock.reset();
  const { tab, close } = await site.open(frameOf(`${site.url}operations/customers_list.html#send`));
  await tab.waitForLoadState("networkidle");
  expect(await tab.frames()[1]?.locator("imcloud-calls").count()).toBe(0);
  expect(site.mock.requests()).toEqual([]);
  await close();
});

test("a framed page offers no console where no header forbids the frame", async () => {
  await site.mock.reset();
  const { tab, close } = await site.open(frameOf(`${otherUrl}operations/customers_list.html#send`));
  await tab.frameLocator("iframe").getByText("The console does not work inside another page.").waitFor();
  expect(site.mock.requests()).toEqual([]);
  await close();
});

test("a script that gets into a page does not run, and nothing can be loaded into it or sent from it", async () => {
  for (const page of ["index.html", "operations/orders_create.html", "reference.html"]) {
    const { tab, close } = await site.open(page);
    const result = await tab.evaluate(async (host) => {
      const holder = document.createElement("div");
      holder.innerHTML = '<img src="nowhere.png" onerror="window.ran = true">';
      document.body.append(holder);
      const script = document.createElement("script");
      script.textContent = "window.ran = true";
      document.body.append(script);
      await new Promise((resolve) => setTimeout(resolve, 50));
      const sent = await fetch(`${host}a`, { mode: "no-cors" }).then(
        () => true,
        () => false,
      );
      return { ran: "ran" in window, sent };
    }, "https://other.example/");
    expect({ page, ...result }).toEqual({ page, ran: false, sent: false });
    await close();
  }
});

test("a cookie of the host does not break the mock's downloads", async () => {
  const imcloud = createClient({ ...site.mock.connection, rateLimit: false });
  const { downloadUrl } = await imcloud.reports.get("6f0a7c52-5d0e-4c56-9a63-0d5f3b1c2e90");
  const { tab, close } = await site.open("index.html");
  await tab.context().addCookies([{ name: "session", value: "of-another-program", url: site.url }]);
  const response = await tab.request.get(String(downloadUrl));
  expect(response.status()).toBe(200);
  await close();
});
