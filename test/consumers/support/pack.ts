import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { packageFile } from "@imcloud/openapi-tools/exec";
import { publicPackages } from "../../../scripts/manifests.ts";
import { paths } from "../../../scripts/paths.ts";

/** A packed package. */
export interface Packed {
  name: string;
  version: string;
  /** The path of its tarball. */
  tarball: string;
}

/**
 * Packs every public package, as publishing does.
 * @param folder the folder for the tarballs
 * @param names the packages to pack. @defaultValue all
 */
export async function packAll(folder: string, names?: readonly string[]): Promise<Packed[]> {
  const packages = (await publicPackages()).filter(({ manifest }) => names?.includes(manifest.name) ?? true);
  const filters = packages.flatMap(({ manifest }) => ["--filter", manifest.name]);
  const args = [
    packageFile("pnpm", "bin/pnpm.mjs", paths.tests),
    ...filters,
    "--recursive",
    "pack",
    "--pack-destination",
    folder,
  ];
  await promisify(execFile)(process.execPath, args, { cwd: paths.root, maxBuffer: 2 ** 26 });
  return packages.map(({ manifest: { name, version } }) => {
    const tarball = join(folder, `${name.replace("@", "").replace("/", "-")}-${version}.tgz`);
    return { name, version, tarball };
  });
}

/** The bytes of a tarball. */
export const readTarball = async ({ tarball }: Packed): Promise<Uint8Array<ArrayBuffer>> =>
  new Uint8Array(await readFile(tarball));
