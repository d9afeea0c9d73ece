import { readFile, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { addAbortSignal, type Readable } from "node:stream";
import type { Shell } from "./context.ts";
import { CommandError } from "./exit-codes.ts";

/** The scheme of a URL. A drive of Windows is a letter alone. */
const SCHEME = /^([a-z][a-z0-9+.-]+):/i;

/**
 * The name of a file or a folder. A URL would be one of a strange name in a strange place.
 * @param what as it was typed, for the error: a flag, or the name of an argument
 * @param takes what can be given
 * @throws {@link CommandError} when it is a URL, of which only the scheme is shown: a password can be in the rest
 */
export function fileName(what: string, text: string, takes = "a file"): string {
  const [, scheme] = SCHEME.exec(text) ?? [];
  if (scheme === undefined) return text;
  throw new CommandError(
    `${what} takes ${takes}; got a URL that begins with ${scheme}:. A file whose name begins so is written ./${scheme}:…`,
  );
}

const REASONS: Record<string, string> = {
  ENOENT: "there is no such file",
  EISDIR: "it is a folder",
  EACCES: "this user may not read it",
};

/** Text in UTF-8. Windows begins files and pipes with a byte order mark, which would be a part of a password. */
const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/**
 * The text of a file.
 * @throws {@link CommandError} when it cannot be read
 */
export async function readText(what: string, file: string): Promise<string> {
  const bytes = await readFile(fileName(what, file)).catch((error: NodeJS.ErrnoException) => {
    throw new CommandError(`${file} cannot be read: ${REASONS[error.code ?? ""] ?? error.message}.`);
  });
  return decode(bytes);
}

/**
 * The text of standard input. Ctrl-C ends the wait for it.
 * @throws {@link CommandError} when it cannot be read
 */
export async function readStandardInput({ stdin, signal }: Pick<Shell, "stdin" | "signal">): Promise<string> {
  const chunks: Uint8Array[] = [];
  try {
    // A character can come in two chunks.
    for await (const chunk of addAbortSignal(signal, stdin as Readable)) chunks.push(Buffer.from(chunk));
  } catch (cause) {
    signal.throwIfAborted();
    throw new CommandError(`Standard input cannot be read: ${(cause as Error).message}`);
  }
  return decode(Buffer.concat(chunks));
}

/**
 * Checks that a file can be made under a name, before it is waited for what comes into it.
 * @throws {@link CommandError} when it is a folder, or there is no folder to make it in
 */
export async function checkWritable(what: string, file: string): Promise<void> {
  fileName(what, file);
  const [there, folder] = await Promise.all([file, dirname(file)].map((path) => stat(path).catch(() => undefined)));
  if (/[/\\]$/.test(file) || there?.isDirectory()) {
    throw new CommandError(`${what} takes the name of a file; ${file} is a folder.`);
  }
  if (there && !there.isFile()) {
    throw new CommandError(`${what} takes the name of a file; ${file} is a device or a pipe.`);
  }
  if (folder?.isDirectory()) return;
  throw new CommandError(`${file} cannot be written: there is no folder ${dirname(file)}.`);
}
