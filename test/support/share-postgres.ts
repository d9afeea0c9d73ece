import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type PostgresServer, startPostgresServer } from "./postgres-server.ts";

/** The variable with a URL that responds with the URL of a new database. */
export const SHARED_POSTGRES = "IMCLOUD_SHARED_POSTGRES";

/** Setup of a project whose files share one PostgreSQL, which is started for the first one that asks: to start it takes a second. */
export async function setup(): Promise<() => Promise<void>> {
  let starting: Promise<PostgresServer> | undefined;
  const server = createServer(async (_request, response) => {
    starting ??= startPostgresServer();
    try {
      response.end(await (await starting).createDatabase());
    } catch (error) {
      response.writeHead(500).end(String(error));
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  process.env[SHARED_POSTGRES] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return async () => {
    delete process.env[SHARED_POSTGRES];
    server.closeAllConnections();
    server.close();
    const started = await starting?.catch(() => undefined);
    await started?.stop();
  };
}
