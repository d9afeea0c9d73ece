import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { exec, packageFile } from "@imcloud/openapi-tools/exec";
import { main, takeNoArguments } from "./log.ts";
import { paths } from "./paths.ts";

/** Writes a bill of materials (CycloneDX) for each published package: its dependencies, as the lockfile has them. */
main(async () => {
  takeNoArguments();
  const folder = join(paths.root, "sbom");
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder);
  for (const name of await readdir(join(paths.root, "packages"))) {
    const manifest = JSON.parse(await readFile(join(paths.root, "packages", name, "package.json"), "utf8"));
    if (manifest.private) continue;
    const filter = ["--filter", manifest.name, "sbom", "--sbom-format", "cyclonedx", "--prod", "--lockfile-only"];
    const out = join(folder, `${name}-${manifest.version}.cdx.json`);
    await exec("pnpm sbom", packageFile("pnpm", "bin/pnpm.mjs", paths.tests), [...filter, "--out", out], {
      cwd: paths.root,
    });
    console.log(out.slice(paths.root.length));
  }
});
