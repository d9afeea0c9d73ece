import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

async function close(server: Server): Promise<void> {
  server.close();
  server.closeAllConnections();
  await once(server, "close");
}

async function listen(listener: RequestListener): Promise<Server> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}

const addressOf = (server: Server): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

/**
 * Starts a server. Returns its address.
 * @param atEnd takes what closes it; by default it is closed at the end of the test
 */
export async function serve(
  listener: RequestListener,
  atEnd: (close: () => Promise<void>) => void = onTestFinished,
): Promise<string> {
  const server = await listen(listener);
  atEnd(() => close(server));
  return addressOf(server);
}

/** An address where nothing listens. */
export async function nobody(): Promise<string> {
  const server = await listen(() => {});
  const address = addressOf(server);
  await close(server);
  return address;
}
