import { once } from "node:events";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import sirv from "sirv";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openOwnTab } from "../browser/browser.ts";

const source = fileURLToPath(new URL("./page", import.meta.url));

let folder: string;
let files: Server;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "imcloud-page-"));
  await cp(join(source, "index.html"), join(folder, "index.html"));
  await cp(fileURLToPath(import.meta.resolve("msw/mockServiceWorker.js")), join(folder, "mockServiceWorker.js"));
  await build({
    entryPoints: [join(source, "app.js")],
    ...{ outfile: join(folder, "app.js"), bundle: true, format: "esm", target: "es2022", logLevel: "silent" },
  });
  files = createServer(sirv(folder)).listen(0, "127.0.0.1");
  await once(files, "listening");
}, 60_000);
afterAll(async () => {
  files?.close();
  await rm(folder, { recursive: true, force: true });
});

test("createSandbox works in a page: an order is placed, the clock advanced by a button, and the order completes", async () => {
  const { port } = files.address() as AddressInfo;
  const page = await openOwnTab();
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  await page.goto(`http://127.0.0.1:${port}/`);
  await page.getByRole("button", { name: "Order 3 seats" }).click();
  await page.getByText("submitted").waitFor();
  await page.getByRole("button", { name: "Let 10 seconds pass" }).click();
  await page.getByText("completed").waitFor();
  expect(errors).toEqual([]);
  await page.context().close();
}, 60_000);
