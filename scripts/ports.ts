import { once } from "node:events";
import { createServer } from "node:http";

/** Where what is started for one person listens. */
export const HOST = "127.0.0.1";

/**
 * The port that an argument names.
 * @throws {@link TypeError} with a sentence when it names none
 */
export function parsePort(option: string, value: string): number {
  const port = Number(value);
  if (/^\d+$/.test(value) && port <= 65_535) return port;
  throw new TypeError(`${option} takes a number from 0 to 65535; got "${value}".`);
}

/** The ports of mock and docs: the docs' is the one above the mock's by default. */
export function portsOf(values: { port?: string | undefined; "docs-port"?: string | undefined }) {
  const port = parsePort("--port", values.port ?? "4010");
  const next = port === 0 ? 0 : port + 1;
  return { port, docsPort: parsePort("--docs-port", values["docs-port"] ?? String(next)) };
}

/**
 * Says which port is taken and how to choose another, instead of Node's own words.
 * @param command that is run with another port
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

/** Fails before the build, not after it, when a port is taken. */
export async function checkFree(command: string, port: number, option: string): Promise<void> {
  const server = createServer();
  await explainPort(command, port, option, async () => {
    server.listen(port, HOST);
    await once(server, "listening");
  });
  server.close();
  await once(server, "close");
}
