/** Loads Node's built-in modules, if there are any. Not with `import`, as a bundle for browsers could not resolve it. */
function platformModules() {
  const files = globalThis.process?.getBuiltinModule?.("node:fs/promises");
  const path = globalThis.process?.getBuiltinModule?.("node:path");
  if (files && path) return { files, path };
  throw new TypeError("toFile needs a file system: Node 20.16 or later, Bun or Deno. Loop over the download.");
}

/**
 * Writes a file that gets its name only when it is complete. It is written under a random name in the same folder until
 * the last byte is on the disk. Concurrent writes do not interfere.
 */
export async function writeWhole(target: string, pieces: AsyncIterable<Uint8Array>): Promise<void> {
  const { files, path } = platformModules();
  // Renaming would put a file in place of a device, a pipe or a directory, also of one that a link leads to: for example /dev/stdout.
  const existing = await files.stat(target).catch(() => undefined);
  if (existing && !existing.isFile())
    throw new TypeError("toFile writes files, and there is something else at its path. Loop over the download.");
  // Does not contain the target's name, which may already have the maximum length.
  const partial = path.join(path.dirname(target), `.imcloud-${crypto.randomUUID()}.part`);
  // `x` fails if the file exists, even as a symbolic link that someone planted.
  const file = await files.open(partial, "wx", 0o600);
  try {
    try {
      for await (const piece of pieces) {
        for (let rest = piece; rest.byteLength > 0; ) rest = rest.subarray((await file.write(rest)).bytesWritten);
      }
      // Not the permissions of a symbolic link, nor of a file that another user planted to read the content.
      const replaced = await files.lstat(target).catch(() => undefined);
      const isOwn = replaced?.isFile() && (!process.getuid || process.getuid() === replaced.uid);
      if (replaced && isOwn) await file.chmod(replaced.mode & 0o777);
      await file.sync();
    } finally {
      await file.close();
    }
    await files.rename(partial, target);
  } catch (error) {
    await files.rm(partial, { force: true }).catch(() => {});
    throw error;
  }
}
