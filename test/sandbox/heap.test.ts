import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";

const run = promisify(execFile);
const program = fileURLToPath(new URL("./programs/many-sandboxes.mjs", import.meta.url));

describe("createSandbox", () => {
  test("leaves no heap behind after a thousand sandboxes", async () => {
    const { stdout } = await run(process.execPath, ["--expose-gc", program]);
    const { grownKilobytes } = JSON.parse(stdout) as { grownKilobytes: number };
    expect(grownKilobytes / 1_000).toBeLessThan(1);
  }, 120_000);
});
