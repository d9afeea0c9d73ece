import { execFile } from "node:child_process";
import { findPackageJSON } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";

/** The folder of the repository. */
const root = fileURLToPath(new URL("../../..", import.meta.url));

function findManifest(name: string, dependent: string): string | undefined {
  try {
    return findPackageJSON(name, pathToFileURL(join(dependent, "package.json")));
  } catch {
    return undefined;
  }
}

/**
 * The path of a file in an installed package, exported or not: usually its command.
 * @param dependent the folder of the package that depends on it
 * @throws {@link Error} when it is not installed
 */
export function packageFile(name: string, file: string, dependent: string = root): string {
  const found = findManifest(name, dependent);
  if (!found) throw new Error(`${name} is not installed. Run npm start or npm test, which install what is needed.`);
  return join(dirname(found), file);
}

export interface ExecOptions {
  /** @defaultValue the repository's root */
  cwd?: string;
  env?: NodeJS.ProcessEnv;
}

/**
 * Runs a command on the current Node.
 * @param name its name for error messages
 * @param file its JavaScript file
 * @throws {@link Error} with its whole output, when it fails
 */
export async function exec(name: string, file: string, args: string[], options: ExecOptions = {}): Promise<void> {
  try {
    await promisify(execFile)(process.execPath, [file, ...args], { cwd: root, maxBuffer: 2 ** 26, ...options });
  } catch (failure) {
    const { stdout = "", stderr = "" } = failure as { stdout?: string; stderr?: string };
    throw new Error(`${name} failed.\n${stdout}${stderr}`.trim(), { cause: failure });
  }
}
