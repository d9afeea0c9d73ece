import { createClient } from "@imcloud/client";

/** One client for the whole server. It signs in with the first call, not while the app is built. */
export const imcloud = () => {
  client ??= createClient.fromEnv();
  return client;
};

let client: ReturnType<typeof createClient> | undefined;
