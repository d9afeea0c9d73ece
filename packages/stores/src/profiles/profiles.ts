import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { ClientOptions } from "@imcloud/client";
import envPaths from "env-paths";
import { writePrivateFile } from "./private-file.ts";

export { forgetTokens, profileTokens } from "./tokens.ts";

/** How to reach a marketplace. */
export interface Profile {
  baseUrl: string;
  marketplace: string;
  username: string;
  password: string;
  subscriptionKey?: string;
}

/** Profiles by their names. */
export type Profiles = Record<string, Profile>;

/** Thrown when the profiles cannot be read, or a profile does not exist. */
export class ProfileError extends Error {
  override name = "ProfileError";
}

/** The name of the default profile. */
export const DEFAULT_PROFILE = "default";

/** The folder with the profiles: `IMCLOUD_CONFIG_DIR`, or the platform's place for settings. */
export const profilesFolder = (env: Readonly<Record<string, string | undefined>>): string =>
  env.IMCLOUD_CONFIG_DIR || envPaths("imcloud", { suffix: "" }).config;

/** The path of the profiles' file. */
export const profilesFile = (folder: string): string => join(folder, "config.json");

/**
 * Reads the profiles; empty if the file is missing.
 * @throws {@link ProfileError} when the file cannot be read or is invalid
 */
export async function readProfiles(folder: string): Promise<Profiles> {
  const path = profilesFile(folder);
  const text = await readFile(path, "utf8").catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT") return undefined;
    throw new ProfileError(`${path} cannot be read: ${cause.message}`);
  });
  if (text === undefined) return {};
  try {
    const { profiles } = JSON.parse(text.replace(/^\uFEFF/, "")) as { profiles?: Profiles };
    if (typeof profiles === "object" && profiles !== null) return profiles;
  } catch {
    // Said below, without what the file holds.
  }
  throw new ProfileError(`${path} is not a config file of imcloud. Correct it, or delete it and run imcloud login.`);
}

/** Writes the profiles atomically, readable by their owner only. */
export async function writeProfiles(folder: string, profiles: Profiles): Promise<void> {
  await writePrivateFile(profilesFile(folder), `${JSON.stringify({ profiles }, null, 2)}\n`);
}

/**
 * The client options of a profile; `undefined` if it does not exist.
 * @throws {@link ProfileError} as {@link readProfiles} does
 */
export async function findProfile(folder: string, name: string): Promise<ClientOptions | undefined> {
  const profiles = await readProfiles(folder);
  if (!Object.hasOwn(profiles, name)) return undefined;
  const profile: unknown = profiles[name];
  if (typeof profile !== "object" || profile === null) {
    throw new ProfileError(`The profile "${name}" in ${profilesFile(folder)} is no object. Run imcloud login again.`);
  }
  const { baseUrl, marketplace, username, password, subscriptionKey } = profile as Profile;
  return { baseUrl, marketplace, auth: { username, password }, subscriptionKey };
}

/**
 * The client options of a named profile.
 * @throws {@link ProfileError} that names the existing profiles, if it does not exist
 */
export async function requireProfile(folder: string, name: string): Promise<ClientOptions> {
  const found = await findProfile(folder, name);
  if (found) return found;
  const names = Object.keys(await readProfiles(folder)).join(", ") || "none";
  throw new ProfileError(`There is no profile "${name}"; there are ${names}. Run imcloud login --profile ${name}.`);
}
