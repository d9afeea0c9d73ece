import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";

const filesOf = async (folder: string): Promise<string[]> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((each) => each.isFile()).map((each) => relative(folder, join(each.parentPath, each.name)));
};

const foldersIn = async (folder: string): Promise<string[]> =>
  (await readdir(folder, { withFileTypes: true })).filter((each) => each.isDirectory()).map(({ name }) => name);

/** Puts each file of a folder in its place in another, where that is not the same already: a server that watches it sees no other change. */
async function putChanged(from: string, to: string): Promise<void> {
  for (const file of await filesOf(from)) {
    const place = join(to, file);
    const [now, before] = await Promise.all([readFile(join(from, file)), readFile(place).catch(() => undefined)]);
    if (before?.equals(now)) continue;
    await mkdir(dirname(place), { recursive: true });
    await writeFile(place, now);
  }
}

/**
 * Puts what was made anew in the place of what was made before, and removes what is not made any more. Each kind of pages and files has a
 * folder, and the kinds that were not made now stay.
 * @param made has a folder for each kind of pages, and one for files, with a folder for each kind
 * @param build as `made`
 * @param files the name of the folder for files
 */
export async function putInPlace(made: string, build: string, files: string): Promise<void> {
  await putChanged(made, build);
  const pages = (await foldersIn(made)).filter((name) => name !== files);
  for (const kind of [...pages, ...(await foldersIn(join(made, files))).map((name) => join(files, name))]) {
    const now = new Set(await filesOf(join(made, kind)));
    const gone = (await filesOf(join(build, kind))).filter((file) => !now.has(file));
    await Promise.all(gone.map((file) => rm(join(build, kind, file))));
  }
}
