import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
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

const stampOf = ({ name }: Step): string => join(stamps, name);

/** Makes a step count as not done. */
export const removeStamp = (step: Step): Promise<void> => rm(stampOf(step), { force: true });

/**
 * Begins a step: it counts as not done until it has ended, as one that ends halfway leaves outputs of several inputs.
 * @returns a function that records that the step was done, with the inputs that it had at its beginning
 */
export async function beginStep(step: Step): Promise<() => Promise<void>> {
  await removeStamp(step);
  const digest = await digestOf(step);
  return async () => {
    await mkdir(stamps, { recursive: true });
    await writeFile(stampOf(step), digest);
  };
}

/** Whether a step's inputs are unchanged since it was done, and its outputs exist. */
export async function isCurrent(step: Step): Promise<boolean> {
  if (!step.outputs.every((output) => existsSync(output))) return false;
  const stamped = await readFile(stampOf(step), "utf8").catch(() => "");
  return stamped === (await digestOf(step));
}
