import { execFile, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import type { Mock } from "@imcloud/mock";
import { paths } from "../../scripts/paths.ts";
import { tokenOf } from "../support/token.ts";
import type { RunnerRequest, RunnerResponse } from "./module-runner.ts";

/** The settings that the docs' code reads from the environment, for a mock. */
export async function settingsOf(mock: Mock): Promise<Record<string, string>> {
  const { username, password, subscriptionKey, marketplace } = mock.credentials;
  return {
    IMCLOUD_BASE_URL: mock.url,
    IMCLOUD_MARKETPLACE: marketplace,
    IMCLOUD_USERNAME: username,
    IMCLOUD_PASSWORD: password,
    IMCLOUD_SUBSCRIPTION_KEY: subscriptionKey,
    IMCLOUD_TOKEN: await tokenOf(mock),
  };
}

/**
 * Runs a program in the repository, where the workspace's packages resolve.
 * @throws {@link Error} when it fails, with what it printed
 */
export async function run(command: string, args: string[], settings: Record<string, string> = {}) {
  const { PATH = "" } = process.env;
  return promisify(execFile)(command, args, { cwd: paths.root, env: { PATH, ...settings }, timeout: 25_000 });
}

/** Makes bash end at the first command that fails, and at a variable that is not set. */
export const STRICT = ["-euo", "pipefail"];

/**
 * Runs a program in bash.
 * @param flags bash's options
 * @throws {@link Error} when it fails, with what it printed
 */
export const runShell = (code: string, settings: Record<string, string> = {}, flags: string[] = []) =>
  // Node gives it a socket for its input. Bash takes that for a remote shell, and would read the user's .bashrc.
  run("bash", ["--norc", ...flags, "-c", code], settings);

/** Runs programs one after the other in one process. */
export interface CodeRunner {
  /** @throws {@link Error} when it fails, with `stdout` and `stderr` */
  run(code: string, settings: Record<string, string>): Promise<{ stdout: string; stderr: string }>;
  close(): Promise<void>;
}

/** Runs modules one after the other in one process of Node. */
export interface ModuleRunner extends CodeRunner {
  /** Waits until the process ends by itself. @throws {@link Error} when something that it ran goes on */
  end(): Promise<void>;
}

/**
 * Starts a runner of modules. It writes them beside the docs' tests, where packages resolve as for users.
 * @param language how the modules are written
 * @defaultValue `"ts"`
 */
export async function startModuleRunner(language: "ts" | "js" = "ts"): Promise<ModuleRunner> {
  const folder = await mkdtemp(join(import.meta.dirname, "build-"));
  const child = fork(join(import.meta.dirname, "module-runner.ts"), {
    ...{ cwd: paths.root, stdio: "inherit", execArgv: [] },
  });
  const exit = once(child, "exit");
  const ended = exit.then(() => {
    throw new Error("The runner ended by itself.");
  });
  ended.catch(() => {});
  let count = 0;
  return {
    async run(code, settings) {
      const file = join(folder, `${count++}.${language}`);
      await writeFile(file, `${code}\nexport {};\n`);
      child.send({ file: pathToFileURL(file).href, settings } satisfies RunnerRequest);
      const responded = once(child, "message", { signal: AbortSignal.timeout(25_000) });
      const [{ error, ...printed }] = (await Promise.race([responded, ended])) as [RunnerResponse];
      if (error === undefined) return printed;
      throw Object.assign(new Error(error), { ...printed, stderr: `${printed.stderr}${error}` });
    },
    async end() {
      child.disconnect();
      const late = setTimeout(25_000, undefined, { ref: false }).then(() => {
        throw new Error("Something that it ran goes on.");
      });
      await Promise.race([exit, late]);
    },
    async close() {
      child.kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Starts a Python 3 runner. */
export function startPythonRunner(): CodeRunner {
  const { PATH = "" } = process.env;
  const child = spawn("python3", [join(import.meta.dirname, "python-runner.py")], {
    ...{ cwd: paths.root, env: { PATH }, stdio: ["pipe", "pipe", "inherit"] },
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async run(code, settings) {
      child.stdin.write(`${JSON.stringify({ code, settings })}\n`);
      const { value: line, done } = await lines.next();
      if (done) throw new Error("The runner ended by itself.");
      const { failed, ...printed } = JSON.parse(line) as { stdout: string; stderr: string; failed: boolean };
      if (failed) throw Object.assign(new Error(printed.stderr), printed);
      return printed;
    },
    async close() {
      const exit = once(child, "exit");
      child.kill();
      await exit;
    },
  };
}
