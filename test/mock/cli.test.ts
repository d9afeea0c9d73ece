import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { startMock } from "@imcloud/mock";
import { afterEach, expect, test } from "vitest";
import manifest from "../../packages/mock/package.json" with { type: "json" };
import { script } from "../support/script.ts";

const { start, resultOf, endAll } = script(fileURLToPath(new URL("../../packages/mock/dist/cli.js", import.meta.url)));
afterEach(endAll);

test("imcloud-mock keeps serving when its output is closed", async () => {
  const child = start("--port", "0");
  const [line] = await once(child.stdout, "data");
  const url = /http:\S+/.exec(String(line))?.[0];
  child.stdout.destroy();
  child.stderr.destroy();
  for (let call = 0; call < 3; call++) expect((await fetch(`${url}/customers`)).status).toBe(401);
});

test("imcloud-mock ends when told, while a call waits for its latency", async () => {
  const child = start("--port", "0", "--latency", "600000");
  const [line] = await once(child.stdout, "data");
  const call = fetch(`${/http:\S+/.exec(String(line))?.[0]}/customers`).catch((error: unknown) => error);
  await new Promise((resolve) => setTimeout(resolve, 200));
  child.kill("SIGTERM");
  // The latency is longer than any test.
  expect(await once(child, "exit")).toEqual([0, null]);
  expect(await call).toBeInstanceOf(TypeError);
});

test("imcloud-mock exits with 1 and a sentence when its port is in use", async () => {
  const mock = await startMock({ port: 0 });
  const { port } = new URL(mock.url);
  const { stderr, code } = await resultOf("--port", port);
  await mock.close();
  expect(stderr).toBe(`Port ${port} is in use. Choose another with --port.\n`);
  expect(code).toBe(1);
});

test("imcloud-mock exits with 2 and a sentence for a wrong option", async () => {
  const { stderr, code } = await resultOf("--port", "0x10");
  expect(stderr).toBe('--port takes a whole number from 0 to 65535; got "0x10".\n');
  expect(code).toBe(2);
});

test("imcloud-mock prints a line for each request, with its problems, until SIGINT, and exits with 0", async () => {
  const child = start("--port", "0", "--time", "2027-01-01T00:00:00Z", "--speed", "0");
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const first = String((await lines.next()).value);
  await lines.next();
  await lines.next();
  const url = /http:\S+/.exec(first)?.[0];
  await fetch(`${url}/orders?staus=x%1b[31m`);
  expect(String((await lines.next()).value)).toMatch(
    /^00:00:00 {2}401 {2}GET {4}\/orders\?staus=x%1B%5B31m {2}\d+ ms {2}query parameter "staus" is unknown and ignored {2}Sign in first/,
  );
  child.kill("SIGINT");
  expect(await once(child, "exit")).toEqual([0, null]);
});

test("imcloud-mock --help lists every option with its default", async () => {
  const { stdout, code } = await resultOf("--help");
  expect(stdout).toContain("--port N             port to listen on; 0 for any that is free (default: 4010)");
  for (const option of ["--files-port", "--host", "--size", "--seed", "--time", "--speed", "--latency", "--data"]) {
    expect(stdout).toContain(option);
  }
  expect(code).toBe(0);
});

test("imcloud-mock proxy --help lists the proxy's options, without a URL", async () => {
  const { stdout, code } = await resultOf("proxy", "--help");
  expect(stdout).toContain("--har FILE");
  expect(stdout).not.toContain("--size");
  expect(code).toBe(0);
});

test.each([["--version"], ["proxy", "--version"]])(
  "imcloud-mock %s %s prints the package's version",
  async (...args) => {
    const { stdout, code } = await resultOf(...args.filter(Boolean));
    expect(stdout).toBe(`${manifest.version}\n`);
    expect(code).toBe(0);
  },
);
