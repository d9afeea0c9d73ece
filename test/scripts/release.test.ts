import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { paths } from "../../scripts/paths.ts";

const run = promisify(execFile);
const release = (args: string[], env: Record<string, string> = {}) =>
  run(process.execPath, [join(paths.root, "scripts/release.ts"), ...args], {
    cwd: paths.root,
    env: { PATH: process.env.PATH ?? "", HOME: process.env.HOME ?? "", ...env },
  }).catch((error) => error);

describe("npm run release", () => {
  test("--dry-run shows the versions to come, also in a clone without a branch main, and changes nothing", async () => {
    const before = readFileSync(join(paths.client, "package.json"), "utf8");
    const folder = await mkdtemp(join(tmpdir(), "imcloud-release-"));
    try {
      const git = (...args: string[]) => run("git", args, { cwd: folder });
      await run("git", ["clone", "--quiet", "--bare", "--shared", paths.root, folder]);
      await git("symbolic-ref", "HEAD", "refs/heads/other");
      const { stdout: head } = await run("git", ["rev-parse", "HEAD"], { cwd: paths.root });
      await git("update-ref", "HEAD", head.trim());
      await git("update-ref", "-d", "refs/heads/main");
      await git("read-tree", "HEAD");
      const env = { GIT_DIR: folder, GIT_WORK_TREE: paths.root };
      const { stdout } = await release(["--dry-run", "--step", "versions"], env);
      expect(stdout).toMatch(/not run: node \S+\/@changesets\/cli\/bin\.js version\n/);
      expect(stdout).toMatch(/Packages to be bumped:[\s\S]*\nNothing was published\.\n$/);
      expect(readFileSync(join(paths.client, "package.json"), "utf8")).toBe(before);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test.each([
    ["on no forge", "publish", {}],
    [
      "in https://forge.example/other/imcloud",
      "image",
      { GITHUB_SERVER_URL: "https://forge.example", GITHUB_REPOSITORY: "other/imcloud" },
    ],
  ])("publishes nothing %s, where the names are not the owner's: %s", async (where, step, env) => {
    const { code, stdout, stderr } = await release(["--step", step], env as Record<string, string>);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain(`this runs ${where}. Nothing was published.`);
  });

  test("refuses an unknown step, and has exactly those that the workflow names", async () => {
    const text = readFileSync(join(paths.root, ".github/workflows/release.yml"), "utf8");
    const named = [...text.matchAll(/--step (\S+)/g)].map(([, name]) => name);
    const { code, stderr } = await release(["--step", "party"]);
    expect(code).toBe(1);
    const [, there = ""] = /^There is no step party; take (.+)\.\n$/.exec(stderr) ?? [];
    expect(named.sort()).toEqual(there.split(", ").sort());
    const { jobs } = parse(text);
    expect(jobs.publish.permissions["id-token"]).toBe("write");
  });
});
