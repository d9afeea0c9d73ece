import { readable } from "@imcloud/options";
import { variable } from "@imcloud/options/environment";
import type { Auth } from "./auth/auth.ts";
import { defined } from "./core/defined.ts";
import type { ClientOptionChanges, ClientOptions } from "./options/client-options.ts";

/**
 * The options of a client with what the environment has of them.
 * @throws {@link TypeError} with the names of the variables that are not set
 */
export function readEnvironment(options: ClientOptionChanges): ClientOptions {
  readable("an object of options")(options, "fromEnv");
  const variables: Record<string, string | undefined> = globalThis.process?.env ?? {};
  const missing: string[] = [];
  const read = (name: string) => variable(variables, `IMCLOUD_${name}`);
  const need = (name: string): string => {
    const value = read(name);
    if (!value) missing.push(`IMCLOUD_${name}`);
    return value ?? "";
  };

  const token = read("TOKEN");
  const readAuth = (): Auth =>
    token && !read("USERNAME") ? { token: () => token } : { username: need("USERNAME"), password: need("PASSWORD") };
  const client = {
    subscriptionKey: read("SUBSCRIPTION_KEY"),
    ...(defined(options) as Partial<ClientOptions>),
    baseUrl: options.baseUrl ?? need("BASE_URL"),
    marketplace: options.marketplace ?? need("MARKETPLACE"),
    auth: options.auth ?? readAuth(),
  };
  if (missing.length) throw new TypeError(`The environment does not have ${missing.join(", ")}.`);
  return client;
}
