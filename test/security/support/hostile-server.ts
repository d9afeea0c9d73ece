import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type ClientOptions, createClient } from "@imcloud/client";
import { onTestFinished } from "vitest";

/** A request as the server received it. */
export interface ReceivedRequest {
  method: string | undefined;
  url: string | undefined;
  headers: IncomingMessage["headers"];
}

/** A server with arbitrary responses, closed with the test. */
export async function hostileServer(respond: (request: IncomingMessage, response: ServerResponse) => void) {
  const received: ReceivedRequest[] = [];
  const server = createServer((request, response) => {
    const { method, url, headers } = request;
    received.push({ method, url, headers });
    request.resume();
    respond(request, response);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received };
}

/** Responds with JSON. */
export const sendJson = (response: ServerResponse, body: unknown, status = 200, headers = {}) =>
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));

/** Options of a client without retries. */
export const clientOptions = (baseUrl: string, options: Partial<ClientOptions> = {}): ClientOptions => ({
  baseUrl,
  marketplace: "us",
  auth: { username: "someone.api", password: "p4ss word" },
  subscriptionKey: "k3y-of-the-gateway",
  retry: false,
  rateLimit: false,
  ...options,
});

/** A client of an API that signs anybody in, and has arbitrary responses for all else. */
export async function hostileApi(
  respond: (request: IncomingMessage, response: ServerResponse) => void,
  options: Partial<ClientOptions> = {},
) {
  const { url, received } = await hostileServer((request, response) => {
    if (request.url === "/token") sendJson(response, { token: "t0ken-of-the-session", expiresInSeconds: 1_500 });
    else respond(request, response);
  });
  return { url, received, imcloud: createClient(clientOptions(url, options)) };
}

/** The error of a call that has to fail. */
export const failureOf = (call: PromiseLike<unknown>): Promise<Error & Record<string, unknown>> =>
  Promise.resolve(call).then(
    () => {
      throw new Error("It did not fail.");
    },
    (error) => error,
  );
