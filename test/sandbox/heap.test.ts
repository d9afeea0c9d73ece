import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { isNightly } from "../support/nightly.ts";

const run = promisify(execFile);
const program = fileURLToPath(new URL("./programs/many-sandboxes.mjs", import.meta.url));

describe("createSandbox", () => {
  test("leaves no heap behind after hundreds of sandboxes", async () => {
    const count = isNightly ? 1_000 : 300;
    const { stdout } = await run(process.execPath, ["--expose-gc", program, String(count)]);
    const { grownKilobytes } = JSON.parse(stdout) as { grownKilobytes: number };
    // Compiled code grows the heap a little; a leaked sandbox would be larger.
    expect(grownKilobytes / count).toBeLessThan(isNightly ? 1 : 3);
  }, 120_000);
});

describe("startMock", () => {
  test("leaves no heap behind after many mocks, each used and closed", async () => {
    const servers = fileURLToPath(new URL("./programs/many-servers.mjs", import.meta.url));
    const count = isNightly ? 1_000 : 50;
    const { stdout } = await run(process.execPath, ["--expose-gc", servers, String(count)]);
    const { grownKilobytes } = JSON.parse(stdout) as { grownKilobytes: number };
    // Compiled code grows the heap a little; a leaked mock would be a megabyte.
    expect(grownKilobytes / count).toBeLessThan(30);
  }, 120_000);
});
