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
 * A file of an installed package, whatever it exports: mostly the one that its command runs.
 * @param dependent the folder of the package that depends on it
 * @throws {@link Error} when it is not installed
 */
export function packageFile(name: string, file: string, dependent: string = root): string {
  const found = findManifest(name, dependent);
  if (!found) throw new Error(`${name} is not installed. Run npm start or npm test, which install what is needed.`);
  return join(dirname(found), file);
}

export interface ExecOptions {
  /** The repository unless it is given. */
  cwd?: string;
  env?: NodeJS.ProcessEnv;
}

/**
 * Runs a command of the project to its end, on the Node that runs this.
 * @param name what an error calls it
 * @param file the JavaScript that it starts with
 * @throws {@link Error} with everything that it printed, when it fails
 */
export async function exec(name: string, file: string, args: string[], options: ExecOptions = {}): Promise<void> {
  try {
    await promisify(execFile)(process.execPath, [file, ...args], { cwd: root, maxBuffer: 2 ** 26, ...options });
  } catch (failure) {
    const { stdout = "", stderr = "" } = failure as { stdout?: string; stderr?: string };
    throw new Error(`${name} failed.\n${stdout}${stderr}`.trim(), { cause: failure });
  }
}
