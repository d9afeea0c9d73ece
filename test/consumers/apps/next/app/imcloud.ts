import { createClient } from "@imcloud/client";

/** One client for the whole server. Made at the first call, as settings are missing while the app is built. */
export const imcloud = () => {
  client ??= createClient.fromEnv();
  return client;
};

let client: ReturnType<typeof createClient> | undefined;
