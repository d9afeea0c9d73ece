import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test } from "vitest";
import { script } from "../../../test/script.ts";
import { startMock } from "./index.ts";

const { start, resultOf, endAll } = script(fileURLToPath(new URL("../dist/cli.js", import.meta.url)));
afterEach(endAll);

test("imcloud-mock serves until it is told to stop, then ends well", async () => {
  const child = start("--port", "0");
  const [line] = await once(child.stdout, "data");
  const url = /http:\S+/.exec(String(line))?.[0];
  expect((await fetch(`${url}/customers`)).status).toBe(401);
  child.kill("SIGINT");
  expect(await once(child, "exit")).toEqual([0, null]);
});

test("a port in use is one sentence and exit code 1", async () => {
  const mock = await startMock({ port: 0 });
  const { port } = new URL(mock.url);
  const { stderr, code } = await resultOf("--port", port);
  await mock.close();
  expect(stderr).toBe(`Port ${port} is in use. Choose another with --port.\n`);
  expect(code).toBe(1);
});

test.each([
  [["--port", "many"], '--port takes a number from 0 to 65535; got "many".'],
  [["--prot", "1"], "Unknown option '--prot'"],
])("%j is refused in a sentence", async (words, sentence) => {
  const { stderr, code } = await resultOf(...words);
  expect(stderr).toContain(sentence);
  expect(stderr).not.toContain("    at ");
  expect(code).toBe(1);
});

test("--help lists the options", async () => {
  const { stdout, code } = await resultOf("--help");
  expect(stdout).toContain("--port");
  expect(code).toBe(0);
});
