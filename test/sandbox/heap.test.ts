import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { isNightly } from "../support/nightly.ts";

const run = promisify(execFile);
/** What a program of this folder printed about itself, after making a number of mocks. */
async function measured<T>(program: string, count: number): Promise<T> {
  const file = fileURLToPath(new URL(`./programs/${program}`, import.meta.url));
  const { stdout } = await run(process.execPath, ["--expose-gc", file, String(count)]);
  return JSON.parse(stdout) as T;
}

describe("createSandbox", () => {
  test("leaves no heap behind after many sandboxes", async () => {
    const count = isNightly ? 1_000 : 60;
    const { small, medium } = await measured<{ small: number; medium: number }>("many-sandboxes.mjs", count);
    // Compiled code grows the heap a little, some 3 kB for each of sixty; a leaked sandbox would be 28 kB, and a medium one 24 MB.
    expect(small / count).toBeLessThan(isNightly ? 2_000 : 10_000);
    expect(medium).toBeLessThan(10_000_000);
  }, 120_000);
});

describe("startMock", () => {
  test("leaves no heap behind after many mocks, each used and closed, and loads none of Prism's generators for them", async () => {
    const count = isNightly ? 1_000 : 15;
    const { grown, loaded } = await measured<{ grown: number; loaded: string[] }>("many-servers.mjs", count);
    // Some 7 kB for each of fifteen; a leaked mock would be 60 kB.
    expect(grown / count).toBeLessThan(30_000);
    // They take longer to load than all the rest.
    expect(loaded.filter((file) => /prism-core/.test(file))).not.toEqual([]);
    expect(loaded.filter((file) => /prism-http|faker/.test(file))).toEqual([]);
  }, 120_000);
});
