import { once } from "node:events";
import { createServer } from "node:http";
import { createClient } from "@imcloud/client";

const server = createServer((request, response) => {
  const body = request.url.endsWith("/token") ? { token: "t", expiresInSeconds: 600 } : { id: "1" };
  response.setHeader("content-type", "application/json");
  setTimeout(() => response.end(JSON.stringify(body)), 20);
});
await once(server.listen(0, "127.0.0.1"), "listening");
const imcloud = createClient({
  baseUrl: `http://127.0.0.1:${server.address().port}/m`,
  marketplace: "se",
  auth: { username: "demo.api", password: "demo-password" },
  rateLimit: { perMinute: 1_000 },
});
const { signal } = new AbortController();
const hundred = Array.from({ length: 100 });
await Promise.all(hundred.map(() => imcloud.customers.get("1", { signal })));
await Promise.all(hundred.map(() => imcloud.http.GET("/customers/{id}", { params: { path: { id: "1" } }, signal })));
server.close();
server.closeAllConnections();
console.log("done");
