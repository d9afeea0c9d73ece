import { randomUUID } from "node:crypto";
import { mkdir, realpath, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * Writes a file and its folder, readable by their owner only. The write is atomic. Where the path is a link, as programs that keep settings in
 * a repository make it, the file that it leads to is written.
 */
export async function writePrivateFile(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const file = await realpath(path).catch(() => path);
  const temporary = `${file}.${randomUUID()}`;
  try {
    // Exclusively, so that nothing that others laid there is written.
    await writeFile(temporary, text, { mode: 0o600, flag: "wx" });
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
