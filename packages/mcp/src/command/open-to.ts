import { variable } from "@imcloud/options/environment";
import { isLoopback } from "../transports/address.ts";
import type { Flags } from "./flags.ts";
import { StartError } from "./start-error.ts";

/**
 * Refuses to serve writes, personal data or other machines over HTTP without a token.
 * @throws {@link StartError} when a flag asks for one of them
 */
export function checkOpenTo({ http, allowWrites, includePersonalData }: Flags): void {
  const refuse = (flag: string, who: string) => {
    throw new StartError(`${flag} over --http needs IMCLOUD_MCP_TOKEN, as ${who}.`);
  };
  if (http?.host !== undefined && !isLoopback(http.host)) {
    refuse(`--host ${http.host}`, "others than this machine could call it");
  }
  if (allowWrites) refuse("--allow-writes", "every user of this machine could place orders");
  if (includePersonalData) refuse("--include-personal-data", "every user of this machine could read it");
}

/**
 * The token that callers over HTTP have to send.
 * @throws {@link StartError} when no caller could send it
 */
export function readToken(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const token = variable(env, "IMCLOUD_MCP_TOKEN");
  if (token === undefined || /^[!-~]+$/.test(token)) return token;
  throw new StartError("IMCLOUD_MCP_TOKEN takes letters, digits and signs of ASCII, as it is sent in a header.");
}
