import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test } from "vitest";
import { startMock } from "./index.ts";

const cli = fileURLToPath(new URL("../dist/cli.js", import.meta.url));
const running: ChildProcess[] = [];
afterEach(() => {
  for (const child of running.splice(0)) child.kill("SIGKILL");
});

function run(...words: string[]) {
  const child = spawn(process.execPath, [cli, ...words], { stdio: ["ignore", "pipe", "pipe"] });
  running.push(child);
  return child;
}

async function resultOf(...words: string[]) {
  const child = run(...words);
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  return { stdout, stderr, code };
}

test("imcloud-mock serves until it is told to stop, then ends well", async () => {
  const child = run("--port", "0");
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
