import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { withBuildLock } from "./build-lock.ts";

let folder: string;
let other: ChildProcess | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "imcloud-lock-"));
});
afterEach(async () => {
  vi.restoreAllMocks();
  other?.kill("SIGKILL");
  other = undefined;
  await rm(folder, { recursive: true, force: true });
});

const lock = () => join(folder, "new/lock.sqlite");

/** A process that has the lock until it is killed. */
async function startOther(): Promise<ChildProcess> {
  const module = JSON.stringify(fileURLToPath(import.meta.resolve("./build-lock.ts")));
  const code = `import { withBuildLock } from ${module};
    await withBuildLock(() => { console.log("locked"); return new Promise((done) => setTimeout(done, 60_000)); }, ${JSON.stringify(lock())});`;
  other = spawn(process.execPath, ["--input-type=module-typescript", "--eval", code], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(other.stdout as NodeJS.ReadableStream, "data");
  return other;
}

describe("withBuildLock", () => {
  test("waits for the build of another process, also when that is killed", async () => {
    const log = vi.spyOn(console, "log").mockReturnValue();
    const building = await startOther();
    const work = vi.fn(async () => "built");
    const done = withBuildLock(work, lock());
    await expect.poll(() => log.mock.calls).toContainEqual(["Waiting for another build of this folder"]);
    expect(work).not.toHaveBeenCalled();
    building.kill("SIGKILL");
    expect(await done).toBe("built");
  });

  test("lets the next build begin when one fails", async () => {
    await expect(withBuildLock(() => Promise.reject(new Error("no space")), lock())).rejects.toThrow("no space");
    expect(await withBuildLock(async () => "built", lock())).toBe("built");
  });
});
