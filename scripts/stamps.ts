import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { paths } from "./paths.ts";

const stamps = join(paths.root, "node_modules/.cache/imcloud");

/** Folders that the build makes or does not read. */
const NOT_INPUTS = new Set(["node_modules", "dist", "build", "generated", ".astro"]);

/** A step of the build: the files and folders that it reads, and those that it writes. */
export interface Step {
  name: string;
  inputs: readonly string[];
  outputs: readonly string[];
}

async function filesIn(path: string): Promise<string[]> {
  if ((await stat(path)).isFile()) return [path];
  const entries = await readdir(path, { withFileTypes: true });
  const inputs = entries.filter(({ name }) => !NOT_INPUTS.has(name) && !name.endsWith(".test.ts"));
  return (await Promise.all(inputs.map(({ name }) => filesIn(join(path, name))))).flat();
}

/** A digest of the names and contents of all inputs. */
async function digestOf({ inputs }: Step): Promise<string> {
  const files = (await Promise.all(inputs.map(filesIn))).flat().sort();
  const hash = createHash("sha256");
  for (const file of files) hash.update(`${relative(paths.root, file)}\0`).update(await readFile(file));
  return hash.digest("hex");
}

/** Records that a step was done with its current inputs. */
export async function stamp(step: Step): Promise<void> {
  await mkdir(stamps, { recursive: true });
  await writeFile(join(stamps, step.name), await digestOf(step));
}

/** Whether a step's inputs are unchanged since it was done, and its outputs exist. */
export async function isCurrent(step: Step): Promise<boolean> {
  if (!step.outputs.every((output) => existsSync(output))) return false;
  const stamped = await readFile(join(stamps, step.name), "utf8").catch(() => "");
  return stamped === (await digestOf(step));
}
