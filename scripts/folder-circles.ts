import { dirname } from "node:path/posix";
import type { IModule } from "dependency-cruiser";

/** Each folder, with the folders outside of it that its files import from. */
function folderImports(modules: IModule[]): Map<string, Set<string>> {
  const imports = new Map<string, Set<string>>();
  for (const { source, dependencies } of modules) {
    for (let folder = dirname(source); folder !== "."; folder = dirname(folder)) {
      const known = imports.get(folder) ?? new Set();
      imports.set(folder, known);
      for (const { resolved } of dependencies) if (!resolved.startsWith(`${folder}/`)) known.add(dirname(resolved));
    }
  }
  return imports;
}

/** The shortest way from one folder to another, both included. */
function wayBetween(from: string, to: string, imports: Map<string, Set<string>>): string[] | undefined {
  const ways = [[from]];
  const seen = new Set([from]);
  for (const way of ways) {
    const last = way.at(-1) as string;
    if (last === to) return way;
    for (const next of imports.get(last) ?? []) {
      if (!seen.has(next)) ways.push([...way, next]);
      seen.add(next);
    }
  }
  return undefined;
}

/**
 * Finds folders that import each other, directly or by way of others. A folder's files are also those of the folders in it.
 * @param modules files with what they import, with paths from the repository's root
 * @returns for each import between two folders of a circle, the circle's folders. The first is also the last.
 */
export function folderCircles(modules: IModule[]): string[][] {
  const imports = folderImports(modules);
  return [...imports].flatMap(([folder, imported]) =>
    [...imported].flatMap((next) => {
      const way = wayBetween(next, folder, imports);
      return way ? [[folder, ...way]] : [];
    }),
  );
}
