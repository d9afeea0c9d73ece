import { once } from "node:events";
import { connect } from "node:net";
import { text } from "node:stream/consumers";

/** Sends bytes to a server as they are, and gives all that comes back until it closes. */
export async function sendRaw(url: string, bytes: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  await once(socket, "connect");
  socket.write(bytes, "latin1");
  return text(socket).catch(() => "");
}

/** A request with one header, whose target is sent as it is written. */
export const requestText = (target: string, headers: Record<string, string> = {}, method = "GET"): string =>
  `${[`${method} ${target} HTTP/1.1`, "Host: localhost", "Connection: close", ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`)].join("\r\n")}\r\n\r\n`;

/** The status of a response as it came. */
export const statusOf = (response: string): number => Number(/^HTTP\/1\.1 (\d{3})/.exec(response)?.[1]);
