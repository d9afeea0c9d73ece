import { type ClientOptions, createClient, type ImcloudClient } from "@imcloud/client";
import { variable } from "@imcloud/options/environment";
import { DEFAULT_PROFILE, findProfile, profileTokens, requireProfile } from "@imcloud/stores/profiles";
import manifest from "../../package.json" with { type: "json" };
import type { GlobalOptions, Shell } from "../context.ts";
import { CommandError, exitCodes } from "../exit-codes.ts";
import { say } from "../output/text.ts";

const NOT_SIGNED_IN =
  "There is no marketplace to call. Run imcloud login, set IMCLOUD_BASE_URL and its like, or try it with --mock.";

const userAgent = `imcloud-cli/${manifest.version}`;

/** The settings in the environment, as the client's `fromEnv` reads them; `undefined` if there are none. */
function ofEnvironment(env: Shell["env"]): ClientOptions | undefined {
  const read = (name: string) => variable(env, `IMCLOUD_${name}`);
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

/** Where each setting is from that the client can refuse, by its name in the client. */
type Names = Readonly<
  Record<"baseUrl" | "marketplace" | "auth.username" | "auth.password" | "subscriptionKey", string>
>;

const ENVIRONMENT_NAMES: Names = {
  baseUrl: "IMCLOUD_BASE_URL",
  marketplace: "IMCLOUD_MARKETPLACE",
  "auth.username": "IMCLOUD_USERNAME",
  "auth.password": "IMCLOUD_PASSWORD",
  subscriptionKey: "IMCLOUD_SUBSCRIPTION_KEY",
};

const profileNames = (profile: string): Names => ({
  baseUrl: `baseUrl of the profile "${profile}"`,
  marketplace: `marketplace of the profile "${profile}"`,
  "auth.username": `username of the profile "${profile}"`,
  "auth.password": `password of the profile "${profile}"`,
  subscriptionKey: `subscriptionKey of the profile "${profile}"`,
});

/**
 * Checks settings by the client, which names what is wrong by its own options.
 * @throws {@link CommandError} with the name that a setting has where it is from
 */
export function checkSettings(settings: ClientOptions, names: Names): void {
  try {
    createClient(settings);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const [option] = Object.keys(names).filter((name) => error.message.startsWith(`${name} `)) as (keyof Names)[];
    // No setting of a command allows plain http.
    const message = error.message.replace(", or allowInsecure", "");
    throw new CommandError(option ? message.replace(option, names[option]) : message);
  }
}

/**
 * The settings of `--profile`, else of the environment, else of the profile `default`.
 * @throws {@link CommandError} when there are none
 * @throws {@link ProfileError} when the profile does not exist
 */
export async function readSettings(options: GlobalOptions, shell: Shell): Promise<ClientOptions> {
  const { settings, names } = await findSettings(options, shell);
  checkSettings(settings, names);
  return settings;
}

/** Settings as they are found, for who looks at what is wrong with them. */
export async function findSettings(
  { profile }: GlobalOptions,
  shell: Shell,
): Promise<{ settings: ClientOptions; names: Names }> {
  const ofShell = profile === undefined ? ofEnvironment(shell.env) : undefined;
  const settings = ofShell ?? (await savedSettings(profile, shell));
  if (!settings) throw new CommandError(NOT_SIGNED_IN, exitCodes.notSignedIn);
  return { settings, names: ofShell ? ENVIRONMENT_NAMES : profileNames(profile ?? DEFAULT_PROFILE) };
}

const savedSettings = (profile: string | undefined, { configFolder }: Shell): Promise<ClientOptions | undefined> =>
  profile === undefined ? findProfile(configFolder, DEFAULT_PROFILE) : requireProfile(configFolder, profile);

/** Says once, on standard error, when a response does not come soon: without a terminal too, a wait must not look as if nothing happens. */
function sayWhenWaiting(imcloud: ImcloudClient, patience: number, write: (line: string) => void): void {
  let isSaid = false;
  imcloud.use(
    async (request, next) => {
      const late = setTimeout(() => {
        if (isSaid) return;
        isSaid = true;
        write(`Waiting for ${new URL(request.url).host}, which has not responded yet. Ctrl-C stops.`);
      }, patience);
      try {
        return await next(request);
      } finally {
        clearTimeout(late);
      }
    },
    { around: "attempt" },
  );
}

/** Makes the client that the options ask for. */
export async function connect(options: GlobalOptions, shell: Shell): Promise<ImcloudClient> {
  const write = (line: string) => say(shell, line);
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
    const imcloud = createClient({ ...(await readSettings(options, shell)), tokenStore, ...more });
    if (shell.patience !== undefined) sayWhenWaiting(imcloud, shell.patience, write);
    return imcloud;
  }
  const { createSandbox } = await import("@imcloud/mock/sandbox");
  // A fast clock, as it cannot be moved from a shell, and commands wait for orders.
  const sandbox = createSandbox({ speed: 100 });
  shell.atEnd.push(() => sandbox.close());
  return createClient({ ...sandbox.connection, ...more });
}
