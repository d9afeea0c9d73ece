import { type ClientOptionChanges, createClient, type ImcloudClient } from "@imcloud/client";
import { DEFAULT_PROFILE, findProfile, ProfileError, profilesFolder, requireProfile } from "@imcloud/stores/profiles";
import manifest from "../../package.json" with { type: "json" };
import type { Flags } from "./flags.ts";
import { exitCodes, StartError } from "./start-error.ts";

/** The speed of a sandbox's clock, so that orders and reports complete while the user waits. */
const SANDBOX_SPEED = 20;

const NO_SETTINGS =
  "There is no marketplace to serve: set IMCLOUD_BASE_URL and its like, run imcloud login, or try it with --mock.";

/** A client, and how to close what it uses. */
interface Connection {
  client: ImcloudClient;
  close(): void;
}

/** A client of a sandbox in this process. */
async function connectSandbox(options: ClientOptionChanges): Promise<Connection> {
  const { createSandbox } = await import("@imcloud/mock/sandbox");
  const sandbox = createSandbox({ speed: SANDBOX_SPEED });
  return { client: createClient(sandbox.connection).withOptions(options), close: () => sandbox.close() };
}

/** The settings of `--profile`, else of the environment, else of the profile `default`. */
async function connectMarketplace({ profile }: Flags, options: ClientOptionChanges): Promise<ImcloudClient> {
  const { env } = process;
  const folder = profilesFolder(env);
  if (profile !== undefined) return createClient(await requireProfile(folder, profile)).withOptions(options);
  if (env.IMCLOUD_BASE_URL) return createClient.fromEnv(options);
  const settings = await findProfile(folder, DEFAULT_PROFILE);
  if (settings) return createClient(settings).withOptions(options);
  throw new StartError(NO_SETTINGS, exitCodes.notSignedIn);
}

/**
 * Makes the client that the flags ask for.
 * @param log prints a line for the user
 * @throws {@link StartError} with a message for people when settings are missing or wrong
 */
export async function connect(flags: Flags, log: (line: string) => void): Promise<Connection> {
  const options: ClientOptionChanges = {
    userAgent: `imcloud-mcp/${manifest.version}`,
    onWait: () => log("Waiting for the rate limit of 60 calls a minute."),
    ...(flags.verbose && { logger: { debug: log, info: log, warn: log, error: log }, logLevel: "debug" }),
  };
  try {
    if (flags.mock) return await connectSandbox(options);
    return { client: await connectMarketplace(flags, options), close() {} };
  } catch (error) {
    if (error instanceof ProfileError || error instanceof TypeError) throw new StartError(error.message);
    throw error;
  }
}
