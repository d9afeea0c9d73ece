import { readFile } from "node:fs/promises";
import { extname, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const isObject = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "ENOENT" || code === "ERR_MODULE_NOT_FOUND")
    return message.includes("imported from") ? message : "there is no such file";
  if (code === "ERR_UNKNOWN_FILE_EXTENSION") {
    return `Node ${process.versions.node} reads no TypeScript; write JSON or JavaScript, or use Node 22.18 or later`;
  }
  return message;
}

/**
 * The object that a file holds: JSON, or what a module of JavaScript or TypeScript exports as default.
 * @param what the option that names it, for messages
 * @throws {@link Error} in a sentence when it cannot be read, or holds something else
 */
export async function loadFile(name: string, what: string): Promise<object> {
  const path = resolve(name);
  let value: unknown;
  try {
    const isModule = /^\.[cm]?[jt]s$/.test(extname(path));
    value = isModule
      ? ((await import(pathToFileURL(path).href)) as { default?: unknown }).default
      : JSON.parse((await readFile(path, "utf8")).replace(/^\ufeff/, ""));
  } catch (error) {
    throw new Error(`${name} cannot be used for ${what}: ${reasonOf(error)}.`, { cause: error });
  }
  if (isObject(value)) return value;
  throw new Error(`${name} cannot be used for ${what}: it holds no object, and a module exports one as default.`);
}

/** What an option gives: the object itself, or that of the file that it names. */
export async function objectOf<T extends object>(given: T | string | undefined, what: string): Promise<T | undefined> {
  return typeof given === "string" ? ((await loadFile(given, what)) as T) : given;
}
