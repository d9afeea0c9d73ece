import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** Node's own server with one response for everything, as the lower bound for a server on Node. Prints its base URL. */
const body = JSON.stringify({ data: [], pagination: { offset: 0, limit: 10, total: 0 } });
const server = createServer((request, response) => {
  request.resume();
  response.writeHead(200, { "content-type": "application/json" }).end(body);
});
server.listen(0, "127.0.0.1");
await once(server, "listening");
console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
