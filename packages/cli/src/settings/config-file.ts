import { chmod, mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CommandError } from "../exit-codes.ts";

/** How to reach a marketplace. */
export interface Profile {
  baseUrl: string;
  marketplace: string;
  username: string;
  password: string;
  subscriptionKey?: string;
}

/** The profiles by their names. */
export interface Config {
  profiles: Record<string, Profile>;
}

export const configPath = (folder: string): string => join(folder, "config.json");

/**
 * Reads the config file; there are no profiles where it is missing.
 * @throws {@link CommandError} when it is no config
 */
export async function readConfig(folder: string): Promise<Config> {
  const path = configPath(folder);
  const text = await readFile(path, "utf8").catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT") return undefined;
    throw new CommandError(`${path} cannot be read: ${cause.message}`);
  });
  if (text === undefined) return { profiles: {} };
  try {
    const { profiles } = JSON.parse(text) as Config;
    if (typeof profiles === "object" && profiles !== null) return { profiles };
  } catch {
    // Said below, without what the file holds.
  }
  throw new CommandError(`${path} is no config of imcloud. Mend it, or delete it and run imcloud login.`);
}

/** Writes the config file, which its owner alone can read. It is whole or as it was. */
export async function writeConfig(folder: string, config: Config): Promise<void> {
  const path = configPath(folder);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const temporary = `${path}.${process.pid}`;
  await writeFile(temporary, `${JSON.stringify(config, null, 2)}\n`, { mode: 0o600 });
  await chmod(temporary, 0o600);
  await rename(temporary, path);
}
