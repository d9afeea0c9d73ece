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
  // What it does on the Node of this process is in every test of the built client.
  test.each<[platforms: string, programs: string[]]>([
    ["under zone.js that was loaded after it, then before it, as in Angular", ["zone-after", "zone-first"]],
    ["with the globals of Safari 16, then of React Native", ["safari-16", "react-native"]],
    ["with jsdom's globals, as in Vitest, then with those of jest-environment-jsdom", ["jsdom", "jest-jsdom"]],
  ])("%s calls, loops, fails, aborts and times out", async (_, programs) => {
    const { stdout, stderr } = await run(process.execPath, [program("run-exercise"), ...programs], { cwd: here });
    expect(stderr).not.toMatch(/warning|error/i);
    expect(stdout).toBe(programs.map(() => `${SAID}\n`).join(""));
  });

  test("on Node 20 does all that too, and makes no listener warning when two hundred calls share a signal", async () => {
    const node = existsSync(node20) ? node20 : process.execPath;
    const { stdout, stderr } = await run(
      node,
      ["--import", pathToFileURL(program("one-signal")).href, program("run-exercise")],
      {
        cwd: here,
      },
    );
    expect([stdout, stderr]).toEqual([`done\n${SAID}\n`, ""]);
  });
});
