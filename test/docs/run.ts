import { execFile, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import type { Mock } from "@imcloud/mock";
import { paths } from "../../scripts/paths.ts";
import { tokenOf } from "../support/token.ts";
import type { RunnerRequest, RunnerResponse } from "./typescript-runner.ts";

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

/** Runs programs one after the other in one process. */
export interface CodeRunner {
  /** @throws {@link Error} when it fails, with `stdout` and `stderr` */
  run(code: string, settings: Record<string, string>): Promise<{ stdout: string; stderr: string }>;
  close(): Promise<void>;
}

/** Starts a TypeScript runner. It writes modules beside the docs' tests, where packages resolve as for users. */
export async function startTypeScriptRunner(): Promise<CodeRunner> {
  const folder = await mkdtemp(join(import.meta.dirname, "build-"));
  const child = fork(join(import.meta.dirname, "typescript-runner.ts"), {
    ...{ cwd: paths.root, stdio: "inherit", execArgv: [] },
  });
  const ended = once(child, "exit").then(() => {
    throw new Error("The runner ended by itself.");
  });
  ended.catch(() => {});
  let count = 0;
  return {
    async run(code, settings) {
      const file = join(folder, `${count++}.ts`);
      await writeFile(file, `${code}\nexport {};\n`);
      child.send({ file: pathToFileURL(file).href, settings } satisfies RunnerRequest);
      const responded = once(child, "message", { signal: AbortSignal.timeout(25_000) });
      const [{ error, ...printed }] = (await Promise.race([responded, ended])) as [RunnerResponse];
      if (error === undefined) return printed;
      throw Object.assign(new Error(error), { ...printed, stderr: `${printed.stderr}${error}` });
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
