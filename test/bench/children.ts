import { type ChildProcess, type ExecFileOptions, execFile } from "node:child_process";
import { promisify } from "node:util";
import { undoAtExit } from "./undo.ts";

/** Has a child process end with this one at the latest. */
export function endWithParent<T extends ChildProcess>(child: T, signal: NodeJS.Signals = "SIGKILL"): T {
  child.once(
    "exit",
    undoAtExit(() => void child.kill(signal)),
  );
  return child;
}

/**
 * Runs a program on this process's Node to its end, and returns what it prints.
 * @throws {@link Error} with `stdout` and `stderr`, when it fails
 */
export async function outputOf(args: readonly string[], options: ExecFileOptions = {}): Promise<string> {
  const running = promisify(execFile)(process.execPath, args, { maxBuffer: 2 ** 26, ...options, encoding: "utf8" });
  endWithParent(running.child);
  return (await running).stdout;
}
