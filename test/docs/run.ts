import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Mock } from "@imcloud/mock";
import { paths } from "../../scripts/paths.ts";
import { tokenOf } from "../support/token.ts";

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
 * Runs a program to its end in the repository, where the packages of the workspace are found.
 * @throws {@link Error} when it fails, with what it printed
 */
export async function run(command: string, args: string[], settings: Record<string, string> = {}) {
  const { PATH = "" } = process.env;
  return promisify(execFile)(command, args, { cwd: paths.root, env: { PATH, ...settings }, timeout: 25_000 });
}

/** Runs TypeScript as a module, as Node does with a file of it. */
export const runTypeScript = (code: string, settings: Record<string, string>) =>
  run(process.execPath, ["--input-type=module-typescript", "--eval", code], settings);
