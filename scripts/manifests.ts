import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { main, takeNoArguments } from "./log.ts";
import { paths } from "./paths.ts";

/** The fields of a package.json that are read here. */
export interface Manifest {
  name: string;
  version: string;
  private?: boolean;
  files?: string[];
  keywords?: string[];
  exports?: Record<string, unknown>;
  devDependencies?: Record<string, string>;
  [member: string]: unknown;
}

/** A published package, and where it is. */
export interface PublicPackage {
  /** The name of its folder, for example `client`. */
  folder: string;
  /** The absolute path of its folder. */
  path: string;
  manifest: Manifest;
}

const manifestOf = async (folder: string): Promise<Manifest> =>
  JSON.parse(await readFile(join(folder, "package.json"), "utf8"));

/** The root's package.json, which holds once what all packages share: author, license, repository, keywords. */
export const rootManifest = (): Promise<Manifest> => manifestOf(paths.root);

/** Every published package, sorted by name. */
export async function publicPackages(): Promise<PublicPackage[]> {
  const folders = (await readdir(join(paths.root, "packages"), { withFileTypes: true })).filter((entry) =>
    entry.isDirectory(),
  );
  const all = await Promise.all(
    folders.map(async ({ name: folder }) => {
      const path = join(paths.root, "packages", folder);
      return { folder, path, manifest: await manifestOf(path) };
    }),
  );
  return all
    .filter(({ manifest }) => !manifest.private)
    .sort((one, other) => (one.manifest.name < other.manifest.name ? -1 : 1));
}

/** The URL of the repository's page, made of its git URL. */
export const pageOf = ({ repository }: Manifest): string =>
  (repository as { url: string }).url.replace(/^git\+/, "").replace(/\.git$/, "");

const union = (...lists: (readonly string[] | undefined)[]) => [...new Set(lists.flatMap((list) => list ?? []))];

/**
 * The package.json that a package has to have: its own fields with those that all packages share.
 * @param folder the name of its folder below `packages`
 */
export function asPublished(manifest: Manifest, folder: string, root: Manifest): Manifest {
  const page = pageOf(root);
  const { name, version, description } = manifest;
  return {
    // Descriptive fields come first; the others keep their order.
    ...{ name, version, description, keywords: [], homepage: "", bugs: "", repository: {}, license: "", author: "" },
    ...manifest,
    keywords: union(root.keywords, manifest.keywords),
    homepage: `${page}/tree/main/packages/${folder}#readme`,
    bugs: `${page}/issues`,
    repository: { ...(root.repository as object), directory: `packages/${folder}` },
    license: root.license,
    author: root.author,
    sideEffects: manifest.sideEffects ?? false,
    // npm always includes README, LICENSE and package.json.
    files: union(manifest.files, ["CHANGELOG.md"]),
    exports: { ...manifest.exports, "./package.json": "./package.json" },
    publishConfig: { access: "public", provenance: true },
  };
}

/** Writes the shared fields into each package.json. */
async function write(): Promise<void> {
  const root = await rootManifest();
  for (const { folder, path, manifest } of await publicPackages()) {
    const text = `${JSON.stringify(asPublished(manifest, folder, root), null, 2)}\n`;
    await writeFile(join(path, "package.json"), text);
  }
}

if (import.meta.main) {
  main(async () => {
    takeNoArguments();
    await write();
  });
}
