import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { packageFile } from "@imcloud/openapi-tools/exec";
import { main } from "./log.ts";
import { paths } from "./paths.ts";

const run = promisify(execFile);

/** What `changeset status` reads: the manifests and the changesets, committed or not. */
const SOURCES = ["package.json", "*/package.json", "pnpm-workspace.yaml", ".changeset"];

/** Without git's variables, which name the outer repository when this runs in a git hook. */
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("GIT_")));

/**
 * Shows the versions that the changesets lead to. `changeset status` compares with the branch `main`, which a clone of a tag, a pull request
 * or another branch does not have. So it runs in a temporary repository that has this branch.
 */
main(async () => {
  const folder = await mkdtemp(join(tmpdir(), "imcloud-versions-"));
  const git = (...args: string[]) => run("git", args, { cwd: folder, env });
  try {
    const list = ["ls-files", "--cached", "--others", "--exclude-standard", "--deduplicate", "-z", "--", ...SOURCES];
    const { stdout } = await run("git", list, { cwd: paths.root });
    const files = stdout.split("\0").filter((file) => file && existsSync(join(paths.root, file)));
    await Promise.all(files.map((file) => cp(join(paths.root, file), join(folder, file))));
    await git("init", "--quiet", "--initial-branch", "main");
    await git("add", "--all", "--force");
    const who = ["-c", "user.name=imcloud", "-c", "user.email=imcloud@example.com", "-c", "commit.gpgSign=false"];
    await git(...who, "commit", "--quiet", "--no-verify", "--message", "Inputs of changeset status");
    const changesets = packageFile("@changesets/cli", "bin.js", paths.tests);
    const shown = await run(process.execPath, [changesets, "status", "--verbose"], { cwd: folder, env });
    console.log(shown.stdout + shown.stderr);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
