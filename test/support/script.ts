import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";

type Child = ChildProcessByStdio<null, Readable, Readable>;

/** Runs a script of the project in child processes, as a user would. */
export function script(file: string, ...firstArgs: string[]) {
  const running: Child[] = [];

  /** Starts it in a working directory. */
  function startIn(cwd: string | undefined, ...args: string[]): Child {
    const child = spawn(process.execPath, [file, ...firstArgs, ...args], { cwd, stdio: ["ignore", "pipe", "pipe"] });
    running.push(child);
    return child;
  }
  const start = (...args: string[]): Child => startIn(undefined, ...args);

  return {
    ...{ start, startIn },
    /** Runs it to its end, and returns its output and exit code. */
    async resultOf(...args: string[]) {
      const child = start(...args);
      const [stdout, stderr, [code]] = await Promise.all([
        text(child.stdout),
        text(child.stderr),
        once(child, "close"),
      ]);
      return { stdout, stderr, code };
    },
    /** Stops all running processes. */
    endAll() {
      for (const child of running.splice(0)) child.kill("SIGKILL");
    },
  };
}
