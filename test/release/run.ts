import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { paths } from "../../scripts/paths.ts";

const platforms = join(paths.root, "test/platforms");

/** The Nodes that the packages support, by their major versions. */
export const nodes: Record<"20" | "22" | "24", string> = {
  20: join(platforms, "node_modules/node/bin/node"),
  22: join(platforms, "with-prism/node_modules/node/bin/node"),
  24: process.execPath,
};

/** Variables that npm, Vitest and the tests set for child processes. */
const OUR_VARIABLES =
  /^(npm_(?!config_(registry|cafile)$)|VITEST|TEST$|NODE_ENV$|NODE_OPTIONS$|NODE_PATH$|INIT_CWD$|FORCE_COLOR$|IMCLOUD_|NIGHTLY$)/;

/** A user's environment: a given Node first in the path, and nothing of this repository. */
export function environmentOf(node: string, settings: Readonly<Record<string, string>> = {}): Record<string, string> {
  const theirs = Object.entries(process.env).flatMap(([name, value]) =>
    value === undefined || OUR_VARIABLES.test(name) ? [] : [[name, value] as const],
  );
  const others = (process.env.PATH ?? "").split(delimiter).filter((folder) => !folder.startsWith(paths.root));
  const path = [dirname(node), ...others].join(delimiter);
  return { ...Object.fromEntries(theirs), PATH: path, NO_COLOR: "1", ...settings };
}

/** Milliseconds that a command may take. */
const TIMEOUT = 240_000;

/**
 * Runs a command in a shell.
 * @throws {@link Error} with the whole output, when it fails or takes too long
 */
export async function shell(line: string, cwd: string, env: Record<string, string>): Promise<string> {
  // In a process group of its own, as a shell's children do not end with it.
  const child = spawn("sh", ["-c", line], { cwd, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  const end = () => child.pid && process.kill(-child.pid, "SIGKILL");
  const late = setTimeout(end, TIMEOUT);
  let printed = "";
  let said = "";
  child.stdout.on("data", (data) => (printed += data));
  child.stderr.on("data", (data) => (said += data));
  const [code] = await once(child, "close");
  clearTimeout(late);
  if (code === 0) return printed;
  throw new Error(`${line}\n${code === null ? "It takes too long.\n" : ""}${printed}${said}`.trim());
}

/** Does something in a temporary empty folder, and removes it. */
export async function inEmptyFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "imcloud-user-"));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
