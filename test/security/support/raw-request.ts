import { once } from "node:events";
import { connect } from "node:net";
import { text } from "node:stream/consumers";

/** Sends bytes to a server, and returns all that comes back until it closes the connection. */
export async function sendRaw(url: string, bytes: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  await once(socket, "connect");
  socket.write(bytes, "latin1");
  return text(socket).catch(() => "");
}

/** The text of a request. The target is not normalized. */
export const requestText = (target: string, headers: Record<string, string> = {}, method = "GET"): string =>
  `${[`${method} ${target} HTTP/1.1`, "Host: localhost", "Connection: close", ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`)].join("\r\n")}\r\n\r\n`;

/** The status of a raw response. */
export const statusOf = (response: string): number => Number(/^HTTP\/1\.1 (\d{3})/.exec(response)?.[1]);
