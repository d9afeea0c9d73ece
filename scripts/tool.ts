import { execFile } from "node:child_process";
import { findPackageJSON } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { paths } from "./paths.ts";

/**
 * A file of an installed package, whatever it exports: mostly the one that its command runs.
 * @param dependent the folder of the package that depends on it
 */
export function packageFile(name: string, file: string, dependent = paths.root): string {
  const found = findPackageJSON(name, pathToFileURL(join(dependent, "package.json")));
  if (!found) throw new Error(`${name} is not installed. Run npm start or npm test, which install what is needed.`);
  return join(dirname(found), file);
}

export interface ToolOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
}

/**
 * Runs a tool of the project on the Node that runs this script.
 * @throws Error with everything that the tool printed, when it fails
 */
export async function runTool(name: string, file: string, words: string[], options: ToolOptions = {}): Promise<void> {
  try {
    await promisify(execFile)(process.execPath, [file, ...words], { cwd: paths.root, maxBuffer: 2 ** 26, ...options });
  } catch (failure) {
    const { stdout = "", stderr = "" } = failure as { stdout?: string; stderr?: string };
    throw new Error(`${name} failed.\n${stdout}${stderr}`.trim(), { cause: failure });
  }
}
