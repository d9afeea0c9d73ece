import { parseArgs } from "node:util";
import { DEFAULT_PORT } from "../transports/address.ts";
import { StartError } from "./start-error.ts";

/** Every flag with its help. */
const FLAGS = {
  "allow-writes": { type: "boolean", help: "let orders be placed and seats be changed, each after an estimate" },
  "include-personal-data": { type: "boolean", help: "show names, addresses and numbers of people" },
  mock: { type: "boolean", help: "serve a sandbox in this process: no account, nothing is kept" },
  profile: {
    type: "string",
    value: "name",
    help: "settings that imcloud login has saved, instead of the environment's",
  },
  http: { type: "boolean", help: "serve over HTTP in place of standard input and output" },
  port: { type: "string", value: "number", help: `port for --http, 0 for any; ${DEFAULT_PORT} where it is left out` },
  host: { type: "string", value: "address", help: "address for --http; 127.0.0.1 where it is left out" },
  "allowed-host": {
    type: "string",
    value: "name",
    multiple: true,
    help: "a name that clients may call --http by; repeatable",
  },
  verbose: { type: "boolean", help: "print each call to standard error" },
  help: { type: "boolean", help: "print this" },
  version: { type: "boolean", help: "print the version" },
} as const;

/** The settings of the command line. */
export interface Flags {
  allowWrites: boolean;
  includePersonalData: boolean;
  mock: boolean;
  profile: string | undefined;
  verbose: boolean;
  help: boolean;
  version: boolean;
  /** Where to serve over HTTP; missing for standard input and output. */
  http: { host: string | undefined; port: number | undefined; allowedHosts: string[] } | undefined;
}

function parse(words: readonly string[]) {
  try {
    return parseArgs({ args: [...words], options: FLAGS, strict: true }).values;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (!code?.startsWith("ERR_PARSE_ARGS")) throw error;
    // Only the first sentence, as the others are about file arguments, which this command does not have.
    throw new StartError(`${message.split(/\. |\n/)[0]?.replace(/\.$/, "")}. See imcloud-mcp --help.`);
  }
}

function portOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new StartError(`--port takes a number from 0 to 65535; got "${text}".`);
}

/**
 * Reads the command line.
 * @throws {@link StartError} for an unknown flag, an argument, and flags that exclude each other
 */
export function readFlags(words: readonly string[]): Flags {
  const values = parse(words);
  const { http = false, mock = false, profile } = values;
  const forHttp = (["port", "host", "allowed-host"] as const).find((name) => values[name] !== undefined);
  if (!http && forHttp) throw new StartError(`--${forHttp} is for --http.`);
  if (mock && profile !== undefined) throw new StartError("--mock needs no --profile: give one of them.");
  return {
    ...{
      mock,
      profile,
      verbose: values.verbose ?? false,
      help: values.help ?? false,
      version: values.version ?? false,
    },
    allowWrites: values["allow-writes"] ?? false,
    includePersonalData: values["include-personal-data"] ?? false,
    http: http
      ? { host: values.host, port: portOf(values.port), allowedHosts: values["allowed-host"] ?? [] }
      : undefined,
  };
}

/** The help of the command. */
export function helpText(): string {
  const rows = Object.entries(FLAGS).map(([name, flag]) => {
    const value = "value" in flag ? ` <${flag.value}>` : "";
    return `  --${name}${value}`.padEnd(28) + flag.help;
  });
  return `Usage: imcloud-mcp [flags]

Serves the Ingram Micro Cloud Marketplace to an assistant by the Model Context Protocol,
over standard input and output. It reads only, unless it is told otherwise.

Flags:
${rows.join("\n")}

Settings come from IMCLOUD_BASE_URL, IMCLOUD_MARKETPLACE, IMCLOUD_USERNAME, IMCLOUD_PASSWORD
and IMCLOUD_SUBSCRIPTION_KEY, or else from the profile "default" of imcloud login. With
IMCLOUD_MCP_TOKEN, clients over HTTP have to send it as a bearer token.
`;
}
