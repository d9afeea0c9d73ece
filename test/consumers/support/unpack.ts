import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { publicPackages } from "../../../scripts/manifests.ts";
import { packAll } from "./pack.ts";

const run = promisify(execFile);

/**
 * Makes a user's project in a temporary folder, with packed packages. Unpacks them beside the dependencies that are installed here: fast, and
 * otherwise as npm installs them, which `test/release` tries.
 * @param names the packages
 * @returns the folder
 */
export async function projectWith(names: readonly string[]): Promise<string> {
  const project = await mkdtemp(join(tmpdir(), "imcloud-consumer-"));
  const tarballs = join(project, "tarballs");
  await mkdir(tarballs);
  await writeFile(join(project, "package.json"), JSON.stringify({ name: "consumer", private: true, type: "module" }));
  const folders = new Map((await publicPackages()).map(({ manifest, path }) => [manifest.name, path]));
  for (const { name, tarball } of await packAll(tarballs, names)) {
    const folder = join(project, "node_modules", name);
    await mkdir(folder, { recursive: true });
    await run("tar", ["-xzf", tarball, "-C", folder, "--strip-components=1"]);
    const { dependencies = {} } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
    for (const dependency of Object.keys(dependencies).filter((other) => !names.includes(other))) {
      const link = join(project, "node_modules", dependency);
      await mkdir(dirname(link), { recursive: true });
      const installed = join(String(folders.get(name)), "node_modules", dependency);
      await symlink(installed, link).catch((error) => {
        if (error.code !== "EEXIST") throw error;
      });
    }
  }
  await rm(tarballs, { recursive: true });
  return project;
}
