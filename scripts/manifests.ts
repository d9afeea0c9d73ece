import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { main, takeNoArguments } from "./log.ts";
import { paths } from "./paths.ts";

/** A package.json, as far as this reads it. */
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

/** A package that is published, and where it lies. */
export interface PublicPackage {
  /** Of its folder: `client`. */
  folder: string;
  /** Its folder's absolute path. */
  path: string;
  manifest: Manifest;
}

const manifestOf = async (folder: string): Promise<Manifest> =>
  JSON.parse(await readFile(join(folder, "package.json"), "utf8"));

/** The root's package.json, which says once what all packages share: author, license, repository, the words of a search. */
export const rootManifest = (): Promise<Manifest> => manifestOf(paths.root);

/** Every package that is published, in the order of their names. */
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

/** The page of the repository on its forge, of its address for git. */
export const pageOf = ({ repository }: Manifest): string =>
  (repository as { url: string }).url.replace(/^git\+/, "").replace(/\.git$/, "");

const union = (...lists: (readonly string[] | undefined)[]) => [...new Set(lists.flatMap((list) => list ?? []))];

/**
 * What a package.json has to be for the package to be published: what it says itself, with what all packages share.
 * @param folder the name of its folder below `packages`
 */
export function asPublished(manifest: Manifest, folder: string, root: Manifest): Manifest {
  const page = pageOf(root);
  const { name, version, description } = manifest;
  return {
    // What is about the package comes first; the rest stays in its order.
    ...{ name, version, description, keywords: [], homepage: "", bugs: "", repository: {}, license: "", author: "" },
    ...manifest,
    keywords: union(root.keywords, manifest.keywords),
    homepage: `${page}/tree/main/packages/${folder}#readme`,
    bugs: `${page}/issues`,
    repository: { ...(root.repository as object), directory: `packages/${folder}` },
    license: root.license,
    author: root.author,
    sideEffects: manifest.sideEffects ?? false,
    // npm takes README, LICENSE and package.json by itself.
    files: union(manifest.files, ["CHANGELOG.md"]),
    exports: { ...manifest.exports, "./package.json": "./package.json" },
    publishConfig: { access: "public", provenance: true },
  };
}

/** Writes what all packages share into each package.json. */
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
