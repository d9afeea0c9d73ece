import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { StoredToken, TokenStore } from "@imcloud/client";
import { writePrivateFile } from "./private-file.ts";

const tokenPath = (folder: string): string => join(folder, "tokens.json");

/** The tokens that are good, as they are kept. What the file holds otherwise counts as none. */
async function readTokens(folder: string): Promise<StoredToken[]> {
  try {
    const tokens: unknown = JSON.parse(await readFile(tokenPath(folder), "utf8"));
    const now = Date.now();
    return Array.isArray(tokens) ? tokens.filter((token: StoredToken | null) => Number(token?.expiresAt) > now) : [];
  } catch {
    return [];
  }
}

/**
 * Keeps tokens from one command to the next, in a file beside the profiles that its owner alone can read: a sign-in counts against the limit, and
 * many of them can lock a user out. Where the file cannot be written, each command signs in.
 * @param folder that of the profiles
 */
export const profileTokens = (folder: string): TokenStore => ({
  async get(owner) {
    return (await readTokens(folder)).find((token) => token.owner === owner);
  },
  async set(token) {
    const others = (await readTokens(folder)).filter(({ owner }) => owner !== token.owner);
    // A read-only home, as in a container, is not a reason to fail.
    await writePrivateFile(tokenPath(folder), `${JSON.stringify([...others, token])}\n`).catch(() => {});
  },
});

/**
 * Forgets every token.
 * @param folder that of the profiles
 */
export const forgetTokens = (folder: string): Promise<void> => rm(tokenPath(folder), { force: true });
