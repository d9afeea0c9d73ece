import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { paths } from "./paths.ts";

const require = createRequire(import.meta.url);

/** The file that a package's command runs. */
export function commandFile(packageName: string, file: string): string {
  return join(dirname(require.resolve(`${packageName}/package.json`)), file);
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
