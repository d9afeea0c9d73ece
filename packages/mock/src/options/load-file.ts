import { readFile } from "node:fs/promises";
import { extname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { optionError } from "../core/option-names.ts";

const isObject = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function reasonOf(error: unknown): string {
  // A module may throw anything.
  const { code, message = String(error) } = Object(error) as Partial<NodeJS.ErrnoException>;
  if (code === "ENOENT" || code === "ERR_MODULE_NOT_FOUND")
    return message.includes("imported from") ? message : "there is no such file";
  if (code === "ERR_UNKNOWN_FILE_EXTENSION") {
    return `Node ${process.versions.node} reads no TypeScript; write JSON or JavaScript, or use Node 22.18 or later`;
  }
  return message;
}

/**
 * The object that a file holds: JSON, or what a module of JavaScript or TypeScript exports as default.
 * @param option the one that names it, for messages
 * @throws {@link Error} with a message for people when it cannot be read, or holds something else
 */
export async function loadFile(name: string, option: string): Promise<object> {
  const path = resolve(name);
  let value: unknown;
  try {
    const isModule = /^\.[cm]?[jt]s$/.test(extname(path));
    value = isModule
      ? ((await import(pathToFileURL(path).href)) as { default?: unknown }).default
      : JSON.parse((await readFile(path, "utf8")).replace(/^\ufeff/, ""));
  } catch (error) {
    throw optionError(Error, (of) => `${name} cannot be used for ${of(option)}: ${reasonOf(error)}.`, error);
  }
  if (isObject(value)) return value;
  const reason = "it does not hold an object, and a module exports one as default";
  throw optionError(Error, (of) => `${name} cannot be used for ${of(option)}: ${reason}.`);
}

/** What an option gives: the object itself, or that of the file that it names. */
export async function objectOf<T extends object>(
  given: T | string | undefined,
  option: string,
): Promise<T | undefined> {
  return typeof given === "string" ? ((await loadFile(given, option)) as T) : given;
}
