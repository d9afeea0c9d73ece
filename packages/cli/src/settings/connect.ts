import { type ClientOptions, createClient, type ImcloudClient } from "@imcloud/client";
import { DEFAULT_PROFILE, findProfile, profileTokens, requireProfile } from "@imcloud/stores/profiles";
import manifest from "../../package.json" with { type: "json" };
import type { GlobalOptions, Shell } from "../context.ts";
import { CommandError, exitCodes } from "../exit-codes.ts";

const NOT_SIGNED_IN =
  "There is no marketplace to call. Run imcloud login, set IMCLOUD_BASE_URL and its like, or try it with --mock.";

const userAgent = `imcloud-cli/${manifest.version}`;

/** The settings in the environment, as the client's `fromEnv` reads them; `undefined` where there are none. */
function ofEnvironment(env: Shell["env"]): ClientOptions | undefined {
  const read = (name: string) => env[`IMCLOUD_${name}`] || undefined;
  const baseUrl = read("BASE_URL");
  if (!baseUrl) return undefined;
  const marketplace = read("MARKETPLACE");
  const token = read("TOKEN");
  const username = read("USERNAME");
  const password = read("PASSWORD");
  const isSigned = token !== undefined || (username !== undefined && password !== undefined);
  if (!marketplace || !isSigned) {
    const needed = [
      ...(marketplace ? [] : ["IMCLOUD_MARKETPLACE"]),
      ...(isSigned ? [] : ["IMCLOUD_USERNAME and IMCLOUD_PASSWORD, or IMCLOUD_TOKEN"]),
    ];
    throw new CommandError(`IMCLOUD_BASE_URL is set; set ${needed.join(", and ")} too.`, exitCodes.notSignedIn);
  }
  const auth =
    username !== undefined && password !== undefined ? { username, password } : { token: () => String(token) };
  return { baseUrl, marketplace, auth, subscriptionKey: read("SUBSCRIPTION_KEY") };
}

/**
 * The settings to call with: those of `--profile`, or else of the environment, or else of the profile `default`.
 * @throws {@link CommandError} where there are none
 * @throws {@link ProfileError} where there is no profile of that name
 */
export async function readSettings({ profile }: GlobalOptions, shell: Shell): Promise<ClientOptions> {
  if (profile !== undefined) return requireProfile(shell.configFolder, profile);
  const settings = ofEnvironment(shell.env) ?? (await findProfile(shell.configFolder, DEFAULT_PROFILE));
  if (settings) return settings;
  throw new CommandError(NOT_SIGNED_IN, exitCodes.notSignedIn);
}

/** Makes the client that the options ask for. */
export async function connect(options: GlobalOptions, shell: Shell): Promise<ImcloudClient> {
  const write = (line: string) => void shell.stderr.write(`${line}\n`);
  const more = {
    userAgent,
    ...(options.verbose && {
      logger: { debug: write, info: write, warn: write, error: write },
      logLevel: "debug" as const,
    }),
    onWait: ({ waiting = 1 }: { waiting?: number | undefined }) =>
      write(`Waiting for the rate limit of 60 calls a minute (${waiting} to go).`),
  };
  if (options.mock && options.profile !== undefined) {
    throw new CommandError("Give --mock or --profile, not both: a sandbox has an account of its own.");
  }
  if (!options.mock) {
    const tokenStore = profileTokens(shell.configFolder);
    return createClient({ ...(await readSettings(options, shell)), tokenStore, ...more });
  }
  const { createSandbox } = await import("@imcloud/mock/sandbox");
  // Nobody can move its clock from a shell: it runs ahead, so that what is waited for comes.
  const sandbox = createSandbox({ speed: 100 });
  shell.atEnd.push(() => sandbox.close());
  return createClient({ ...sandbox.connection, ...more });
}
