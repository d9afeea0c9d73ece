import { postgresStore, redisStore, type Store, type StoreOptions, sqliteStore } from "@imcloud/stores";

/** The address of an engine, which can be sent to other processes. */
export type Address = { sqlite: string } | { postgres: string } | { redis: string };

/** An open store, and the function that closes it. */
export interface Opened {
  store: Store;
  close(): Promise<void>;
}

/** Opens a store, as a user would. It loads no driver of the other engines, as many processes start with it. */
export async function openStore(address: Address, options: StoreOptions = {}): Promise<Opened> {
  if ("sqlite" in address) {
    const store = sqliteStore(address.sqlite, options);
    return { store, close: () => store.close() };
  }
  if ("postgres" in address) {
    const { default: pg } = await import("pg");
    const pool = new pg.Pool({ connectionString: address.postgres, max: 4 });
    // Without a listener, a broken idle connection would end the process.
    pool.on("error", () => {});
    const store = postgresStore(pool, options);
    return { store, close: () => store.close().then(() => pool.end()) };
  }
  const { Redis } = await import("ioredis");
  const client = new Redis(address.redis, { maxRetriesPerRequest: 1 });
  client.on("error", () => {});
  const store = redisStore(client, options);
  return {
    store,
    close: async () => {
      await store.close();
      client.disconnect();
    },
  };
}
