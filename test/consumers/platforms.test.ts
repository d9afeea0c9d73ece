import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";

const run = promisify(execFile);
const here = dirname(fileURLToPath(import.meta.url));
const program = (name: string) => join(here, "programs", `${name}.mjs`);
const node20 = join(here, "../platforms/node_modules/.bin/node");

const SAID = [
  "finally",
  "Brightwater Dental Group",
  "then 1",
  "finally",
  "NotFoundError 404 true",
  "caught NotFoundError",
  "1,2",
  "data,pagination undefined",
  "900301",
  "AbortError",
  "TimeoutError",
  "Brightwater Dental Group",
].join("; ");

describe("createClient", () => {
  test.each<[platform: string, node: string, before: string[]]>([
    ["on Node 24", process.execPath, []],
    ["on Node 20", node20, []],
    ["under zone.js, which Angular uses", process.execPath, ["zone-first"]],
    ["under zone.js that was loaded after it", process.execPath, ["zone-after"]],
    ["with the globals of Safari 16", process.execPath, ["safari-16"]],
    ["with the globals of React Native", process.execPath, ["react-native"]],
    ["with jsdom's globals, as in tests of Vitest", process.execPath, ["jsdom"]],
    ["with the globals of jest-environment-jsdom", process.execPath, ["jest-jsdom"]],
  ])("%s calls, loops, fails, aborts and times out", async (_, node, before) => {
    if (!existsSync(node)) return console.log(`${node} is not installed here`);
    const preludes = before.flatMap((name) => ["--import", pathToFileURL(program(name)).href]);
    const { stdout, stderr } = await run(node, [...preludes, program("run-exercise")], { cwd: here });
    expect(stderr).not.toMatch(/warning|error/i);
    expect(stdout).toBe(`${SAID}\n`);
  });

  test("makes no listener warning on Node 20 when two hundred calls share a signal", async () => {
    const { stdout, stderr } = await run(existsSync(node20) ? node20 : process.execPath, [program("one-signal")]);
    expect([stdout, stderr]).toEqual(["done\n", ""]);
  });
});
