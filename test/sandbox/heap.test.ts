import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { isNightly } from "../support/nightly.ts";

const run = promisify(execFile);
const program = fileURLToPath(new URL("./programs/many-sandboxes.mjs", import.meta.url));

describe("createSandbox", () => {
  test("leaves no heap behind after a thousand sandboxes", async () => {
    const { stdout } = await run(process.execPath, ["--expose-gc", program]);
    const { grownKilobytes } = JSON.parse(stdout) as { grownKilobytes: number };
    expect(grownKilobytes / 1_000).toBeLessThan(1);
  }, 120_000);
});

describe("startMock", () => {
  test("many times, each used and closed, ends with the heap that it began with", async () => {
    const servers = fileURLToPath(new URL("./programs/many-servers.mjs", import.meta.url));
    const count = isNightly ? 1_000 : 100;
    const { stdout } = await run(process.execPath, ["--expose-gc", servers, String(count)]);
    const { grownKilobytes } = JSON.parse(stdout) as { grownKilobytes: number };
    // What is compiled on the way grows a little; a mock that were left behind would be a megabyte.
    expect(grownKilobytes / count).toBeLessThan(30);
  }, 120_000);
});
