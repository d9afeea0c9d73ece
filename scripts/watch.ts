import { join, relative } from "node:path";
import { watch } from "chokidar";

/**
 * Watches folders for files that are written, replaced, added or removed. Node's own recursive watching loses a file on Linux once
 * it has been replaced, as many editors and git do.
 * @param root what files and folders are named from, with slashes
 * @param isIgnored whether a file, or a folder with all that is in it, is left out
 * @returns a function that ends it
 */
export async function watchFiles(
  root: string,
  folders: string[],
  isIgnored: (file: string) => boolean,
  onChange: (file: string) => void,
): Promise<() => Promise<void>> {
  const nameOf = (path: string) => relative(root, path).replaceAll("\\", "/");
  const watcher = watch(
    folders.map((folder) => join(root, folder)),
    { ignored: (path) => isIgnored(nameOf(path)), ignoreInitial: true, followSymlinks: false },
  );
  for (const event of ["add", "change", "unlink"] as const) watcher.on(event, (path) => onChange(nameOf(path)));
  await new Promise<void>((resolve, reject) => watcher.once("ready", resolve).once("error", reject));
  return () => watcher.close();
}
