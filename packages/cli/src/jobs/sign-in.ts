import type { Readable, Writable } from "node:stream";
import { createClient, endpoints } from "@imcloud/client";
import {
  DEFAULT_PROFILE,
  forgetTokens,
  type Profile,
  profilesFile,
  readProfiles,
  writeProfiles,
} from "@imcloud/stores/profiles";
import type { Context, Shell } from "../context.ts";
import { refuseDryRun } from "../curl.ts";
import { CommandError, exitCodes } from "../exit-codes.ts";
import { say } from "../output/text.ts";
import { checkSettings, readSettings } from "../settings/connect.ts";
import { readStandardInput } from "../typed-files.ts";

/** Options of `login`, without secrets. */
export interface LoginOptions {
  baseUrl?: string;
  marketplace?: string;
  username?: string;
  passwordStdin?: boolean;
}

type Prompts = typeof import("@clack/prompts");

/** The answer to a prompt; an error if the user canceled. */
function typed(prompts: Prompts, value: string | symbol): string {
  if (prompts.isCancel(value)) throw new CommandError("Nothing was saved.", exitCodes.interrupted);
  return String(value);
}

const NO_ECHO = { mask: "" };

/** Prompts for missing settings, for secrets without echo. */
async function ask(options: LoginOptions, { stdin, stderr }: Shell): Promise<Profile> {
  const prompts = await import("@clack/prompts");
  // Prompts go to standard error, so that standard output stays empty.
  const terminal = { input: stdin as Readable, output: stderr as Writable };
  const required = (value: string | undefined) => (value?.trim() ? undefined : "A value is needed.");
  const text = async (given: string | undefined, message: string, initialValue = "") =>
    given ?? typed(prompts, await prompts.text({ ...terminal, message, initialValue, validate: required }));
  const baseUrl = await text(options.baseUrl, "Base URL of the API", endpoints.eu);
  const marketplace = await text(options.marketplace, "Marketplace, for example se");
  const username = await text(options.username, "API user");
  const password = typed(
    prompts,
    await prompts.password({ ...terminal, ...NO_ECHO, message: "Password", validate: required }),
  );
  const key = typed(
    prompts,
    await prompts.password({ ...terminal, ...NO_ECHO, message: "Subscription key, empty for none" }),
  );
  return { baseUrl, marketplace, username, password, ...(key && { subscriptionKey: key }) };
}

async function collect(options: LoginOptions, shell: Shell): Promise<Profile> {
  if (!options.passwordStdin) {
    if (shell.stdin.isTTY) return ask(options, shell);
    throw new CommandError(
      "There is no terminal to ask on. Give --password-stdin, with the password on standard input.",
    );
  }
  const { baseUrl, marketplace, username } = options;
  if (!baseUrl || !marketplace || !username) {
    throw new CommandError("--password-stdin needs --base-url, --marketplace and --username too.");
  }
  const [password, subscriptionKey] = (await readStandardInput(shell)).split(/\r?\n/);
  if (!password) throw new CommandError("There is no password on standard input.");
  return { baseUrl, marketplace, username, password, ...(subscriptionKey && { subscriptionKey }) };
}

/** Signs in with new settings, and saves them if that succeeds. */
export async function login(context: Context, options: LoginOptions): Promise<void> {
  refuseDryRun(context, "login");
  const { shell } = context;
  const { profile = DEFAULT_PROFILE } = context.options;
  const settings = await collect(options, shell);
  const { baseUrl, marketplace, username, password, subscriptionKey } = settings;
  const connection = { baseUrl, marketplace, auth: { username, password }, subscriptionKey };
  checkSettings(connection, {
    ...{ baseUrl: "--base-url", marketplace: "--marketplace", "auth.username": "--username" },
    ...{ "auth.password": "The password", subscriptionKey: "The subscription key" },
  });
  const imcloud = createClient(connection);
  await imcloud.token.create({ marketplace }, { signal: shell.signal });
  const profiles = await readProfiles(shell.configFolder);
  await writeProfiles(shell.configFolder, { ...profiles, [profile]: settings });
  const where = profilesFile(shell.configFolder);
  say(shell, `Signed in to marketplace ${marketplace} as ${username}. The profile "${profile}" is in ${where}.`);
}

/** Deletes a profile, and all tokens. */
export async function logout(context: Context): Promise<void> {
  refuseDryRun(context, "logout");
  const { shell } = context;
  const { profile = DEFAULT_PROFILE } = context.options;
  const profiles = await readProfiles(shell.configFolder);
  if (!Object.hasOwn(profiles, profile)) throw new CommandError(`There is no profile "${profile}".`);
  const { [profile]: _, ...others } = profiles;
  await writeProfiles(shell.configFolder, others);
  await forgetTokens(shell.configFolder);
  say(shell, `The profile "${profile}" is gone.`);
}

/** Prints a token, for other programs. */
export async function printToken(context: Context): Promise<void> {
  const { shell, options } = context;
  const imcloud = await context.connect();
  const marketplace = options.mock ? "se" : (await readSettings(options, shell)).marketplace;
  const { token } = await imcloud.token.create({ marketplace }, { signal: shell.signal });
  // No header takes other characters, and a terminal would follow some.
  if (!token || !/^[!-~]+$/.test(token)) throw new CommandError("The marketplace gave no token.", exitCodes.refused);
  shell.stdout.write(`${token}\n`);
}
