import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";

/**
 * Settings of every server here. A connection that nobody uses is kept for ten minutes: who steps through a test in a debugger comes
 * back to it, and would meet its end just as the next request is sent.
 */
export const serverOptions = { headersTimeout: 20_000, requestTimeout: 60_000, keepAliveTimeout: 600_000 };

/**
 * Starts to listen, and gives the origin.
 * @param option what people choose the port with
 * @throws Error with a sentence for people, and Node's `code`
 */
export async function listen(server: Server, port: number, host: string, option: string): Promise<string> {
  server.listen(port, host);
  try {
    await once(server, "listening");
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const reason = code === "EADDRINUSE" ? `Port ${port} is in use. Choose another with ${option}.` : message;
    throw Object.assign(new Error(reason, { cause }), { code });
  }
  const { port: actual } = server.address() as AddressInfo;
  return `http://${host.includes(":") ? `[${host}]` : host}:${actual}`;
}

/** Stops listening, and ends what connections there are. */
export async function close(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, "close");
  server.close();
  server.closeAllConnections();
  await closed;
}
