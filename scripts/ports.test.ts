import { once } from "node:events";
import { createServer } from "node:http";
import { describe, expect, test } from "vitest";
import { checkFree, HOST, portsOf } from "./ports.ts";

describe("portsOf", () => {
  test("gives the docs the port after the mock's", () => {
    expect(portsOf({})).toEqual({ port: 4010, docsPort: 4011 });
    expect(portsOf({ port: "0" })).toEqual({ port: 0, docsPort: 0 });
  });

  test("refuses one port for both, before anything is built", () => {
    expect(() => portsOf({ port: "5000", "docs-port": "5000" })).toThrow("take two ports; got 5000 twice");
    expect(() => portsOf({ "docs-port": "4010" })).toThrow("got 4010 twice");
  });
});

describe("checkFree", () => {
  test("gives the port, and a free one for 0", async () => {
    const free = await checkFree("npm run dev --", 0, "--port");
    expect(free).toBeGreaterThan(0);
    expect(await checkFree("npm run dev --", free, "--port")).toBe(free);
    const server = createServer().listen(free, HOST);
    await once(server, "listening");
    await expect(checkFree("npm run dev --", free, "--port")).rejects.toThrow(`Port ${free} is in use`);
    server.close();
  });
});
