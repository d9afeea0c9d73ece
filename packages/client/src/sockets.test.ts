import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { ConnectionError, createClient, TimeoutError } from "./index.ts";

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

const token = JSON.stringify({ token: "t", expiresInSeconds: 600 });

/** An API that signs anybody in and answers all else as told. */
const serveApi = (answer: RequestListener) =>
  serve((request, response) => {
    if (request.url !== "/token") return answer(request, response);
    response.setHeader("content-type", "application/json").end(token);
  });

const clientOf = (baseUrl: string, timeout?: number) =>
  createClient({
    baseUrl,
    marketplace: "se",
    auth: { username: "demo.api", password: "password" },
    subscriptionKey: "key",
    retry: false,
    timeout,
  });

test("a redirect is an error, and takes no credentials to the other host", async () => {
  let visits = 0;
  const elsewhere = await serve((_request, response) => {
    visits += 1;
    response.end("{}");
  });
  const baseUrl = await serveApi((_request, response) => {
    response.writeHead(307, { location: `${elsewhere}/customers/1` }).end();
  });
  await expect(clientOf(baseUrl).customers.get("1")).rejects.toMatchObject({ name: "ApiError", status: 307 });
  expect(visits).toBe(0);
});

describe("while garbage is collected all the time", () => {
  let collecting: NodeJS.Timeout;
  beforeAll(() => {
    setFlagsFromString("--expose-gc");
    collecting = setInterval(runInNewContext("gc"), 10);
  });
  afterAll(() => clearInterval(collecting));

  const silent: RequestListener = () => {};
  const stalling: RequestListener = (_request, response) => {
    response.writeHead(200, { "content-type": "application/json" });
    response.write('{"id": ');
  };
  // The first refusal makes the client repeat the call.
  const stallingOnceSignedIn = (): RequestListener => {
    let calls = 0;
    return (request, response) => {
      calls += 1;
      if (calls === 1) response.writeHead(401).end();
      else stalling(request, response);
    };
  };

  test.each<[string, RequestListener]>([
    ["an answer that does not come", silent],
    ["a body that does not end", stalling],
    ["a body that does not end after a second sign-in", stallingOnceSignedIn()],
  ])("%s is given up in time", async (_what, listener) => {
    const imcloud = clientOf(await serveApi(listener), 300);
    await expect(imcloud.customers.get("1")).rejects.toBeInstanceOf(TimeoutError);
  });

  test.each<[string, RequestListener]>([
    ["an answer that does not come", silent],
    ["a body that does not end", stalling],
  ])("%s is given up when the caller aborts", async (_what, listener) => {
    const imcloud = clientOf(await serveApi(listener));
    const controller = new AbortController();
    const call = imcloud.customers.get("1", { signal: controller.signal });
    setTimeout(() => controller.abort(new Error("enough")), 300);
    await expect(call).rejects.toThrow("enough");
  });

  test("a connection that breaks in the middle of a body is a ConnectionError", async () => {
    const imcloud = clientOf(
      await serveApi((_request, response) => {
        response.writeHead(200, { "content-type": "application/json", "content-length": "100" });
        response.write('{"id": ', () => response.destroy());
      }),
    );
    await expect(imcloud.customers.get("1")).rejects.toBeInstanceOf(ConnectionError);
  });
});
