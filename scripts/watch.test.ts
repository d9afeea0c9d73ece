import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { watchFiles } from "./watch.ts";

let folder: string;
let close: () => Promise<void>;
const onChange = vi.fn<(file: string) => void>();
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "imcloud-watch-"));
  await mkdir(join(folder, "openapi/paths"), { recursive: true });
  await mkdir(join(folder, "packages/node_modules"), { recursive: true });
  await writeFile(join(folder, "openapi/paths/plans.yaml"), "0");
  close = await watchFiles(folder, ["openapi", "packages"], (file) => /node_modules/.test(file), onChange);
});
afterEach(async () => {
  await close();
  onChange.mockReset();
  await rm(folder, { recursive: true, force: true });
});

const told = (file: string) => expect.poll(() => onChange.mock.calls).toContainEqual([file]);

describe("watchFiles", () => {
  test("tells of a file each time that it is replaced, as editors and git do", async () => {
    for (const content of ["1", "2", "3"]) {
      onChange.mockReset();
      await writeFile(join(folder, "written"), content);
      await rename(join(folder, "written"), join(folder, "openapi/paths/plans.yaml"));
      await told("openapi/paths/plans.yaml");
      // Two changes within 50 milliseconds are told of once.
      await setTimeout(100);
    }
  });

  test("tells of files that are written, added with their folder, and removed, and of no ignored one", async () => {
    await writeFile(join(folder, "packages/node_modules/index.js"), "");
    await writeFile(join(folder, "openapi/paths/plans.yaml"), "written");
    await told("openapi/paths/plans.yaml");
    await mkdir(join(folder, "packages/client"));
    await writeFile(join(folder, "packages/client/README.md"), "");
    await told("packages/client/README.md");
    expect(onChange).not.toHaveBeenCalledWith(expect.stringContaining("node_modules"));
    onChange.mockReset();
    await rm(join(folder, "packages/client/README.md"));
    await told("packages/client/README.md");
    expect(onChange).not.toHaveBeenCalledWith(expect.stringContaining("node_modules"));
  });
});
