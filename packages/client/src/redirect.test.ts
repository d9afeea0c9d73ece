import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { createClient } from "./index.ts";

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
    await once(server, "close");
  }
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  servers.push(server);
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test("a redirect is an error, and takes no credentials to the other host", async () => {
  let visits = 0;
  const elsewhere = await serve((_request, response) => {
    visits += 1;
    response.end("{}");
  });
  const baseUrl = await serve((request, response) => {
    if (request.url === "/token") {
      response.setHeader("content-type", "application/json").end(JSON.stringify({ token: "t", expiresInSeconds: 60 }));
    } else {
      response.writeHead(307, { location: `${elsewhere}/customers/1` }).end();
    }
  });
  const auth = { username: "demo.api", password: "password" };
  const imcloud = createClient({ baseUrl, marketplace: "se", auth, subscriptionKey: "key" });
  await expect(imcloud.customers.get("1")).rejects.toMatchObject({ name: "ApiError", status: 307 });
  expect(visits).toBe(0);
});
