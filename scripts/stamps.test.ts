import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { paths } from "./paths.ts";
import { beginStep, isCurrent, removeStamp, type Step } from "./stamps.ts";

let folder: string;
let step: Step;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "imcloud-stamps-"));
  step = { name: `test-${process.pid}`, inputs: [join(folder, "in")], outputs: [join(folder, "out")] };
  await writeFile(join(folder, "in"), "first");
  await writeFile(join(folder, "out"), "");
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
  await rm(join(paths.root, "node_modules/.cache/imcloud", step.name), { force: true });
});

test("removeStamp makes a step be done again, though nothing has changed", async () => {
  await (await beginStep(step))();
  await removeStamp(step);
  expect(await isCurrent(step)).toBe(false);
});

describe("beginStep", () => {
  test("makes a step current once it is done", async () => {
    const end = await beginStep(step);
    expect(await isCurrent(step)).toBe(false);
    await end();
    expect(await isCurrent(step)).toBe(true);
  });

  test("does not take a step that ended halfway for the one before, when its input is as it was then", async () => {
    await (await beginStep(step))();
    await writeFile(join(folder, "in"), "second");
    await beginStep(step);
    await writeFile(join(folder, "in"), "first");
    expect(await isCurrent(step)).toBe(false);
  });

  test("does not take a step for current whose input changed while it was done", async () => {
    const end = await beginStep(step);
    await writeFile(join(folder, "in"), "second");
    await end();
    expect(await isCurrent(step)).toBe(false);
  });
});
