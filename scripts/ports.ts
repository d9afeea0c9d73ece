import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** The address to listen on: reachable from this machine alone. */
export const HOST = "127.0.0.1";

/**
 * Parses the port of a command-line option.
 * @throws {@link TypeError} when it is not a port
 */
export function parsePort(option: string, value: string): number {
  const port = Number(value);
  if (/^\d+$/.test(value) && port <= 65_535) return port;
  throw new TypeError(`${option} takes a number from 0 to 65535; got "${value}".`);
}

/** The ports of the mock and the docs. By default the docs take the port after the mock's. */
export function portsOf(values: { port?: string | undefined; "docs-port"?: string | undefined }) {
  const port = parsePort("--port", values.port ?? "4010");
  const next = port === 0 ? 0 : port + 1;
  const docsPort = parsePort("--docs-port", values["docs-port"] ?? String(next));
  if (port !== 0 && port === docsPort) throw new TypeError(`--port and --docs-port take two ports; got ${port} twice.`);
  return { port, docsPort };
}

/**
 * Replaces Node's EADDRINUSE by a message that says how to choose another port.
 * @param command the command to run with another port
 */
export async function explainPort<T>(
  command: string,
  port: number,
  option: string,
  listen: () => Promise<T>,
): Promise<T> {
  try {
    return await listen();
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "EADDRINUSE") throw cause;
    const free = port > 65_000 ? port - 1000 : port + 1000;
    throw new Error(`Port ${port} is in use. Choose another: ${command} ${option} ${free}`, { cause });
  }
}

/**
 * Fails when a port is in use. Called before the build, not to find out only after it.
 * @returns the port, or a free one for 0
 */
export async function checkFree(command: string, port: number, option: string): Promise<number> {
  const server = createServer();
  await explainPort(command, port, option, async () => {
    server.listen(port, HOST);
    await once(server, "listening");
  });
  const { port: found } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return found;
}
