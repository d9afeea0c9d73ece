import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { parseArgs } from "node:util";
import { close } from "../packages/mock/src/http/listen.ts";
import { build } from "./build.ts";
import { docsServer } from "./docs/server.ts";
import { paths } from "./paths.ts";
import { main } from "./step.ts";

const HOST = "127.0.0.1";

/** The port that a word of the command line names. */
function parsePort(option: string, value: string): number {
  const port = Number(value);
  if (/^\d+$/.test(value) && port <= 65_535) return port;
  throw new TypeError(`${option} takes a number from 0 to 65535; got "${value}".`);
}

/** What the command line asks for: the mock's port, the docs' one above it, and whether what was built before will do. */
function parseArguments(args: string[]) {
  const { values } = parseArgs({
    args,
    options: { port: { type: "string" }, "docs-port": { type: "string" }, "no-build": { type: "boolean" } },
  });
  const port = parsePort("--port", values.port ?? "4010");
  const next = port === 0 ? 0 : port + 1;
  return { port, docsPort: parsePort("--docs-port", values["docs-port"] ?? String(next)), noBuild: values["no-build"] };
}

async function listen(server: Server, port: number, option: string): Promise<number> {
  server.listen(port, HOST);
  try {
    await once(server, "listening");
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "EADDRINUSE") throw cause;
    const free = port > 65_000 ? port - 1000 : port + 1000;
    throw new Error(`Port ${port} is in use. Choose another: npm start -- ${option} ${free}`, { cause });
  }
  return (server.address() as AddressInfo).port;
}

/** Fails before the build, not after it, when a port is taken. */
async function checkFree(port: number, option: string): Promise<void> {
  const server = createServer();
  await listen(server, port, option);
  await close(server);
}

async function checkAnswers(url: string): Promise<void> {
  const response = await fetch(url);
  await response.body?.cancel();
  if (response.status >= 500) throw new Error(`${url} answers with ${response.status}.`);
}

main(async () => {
  const { port, docsPort, noBuild } = parseArguments(process.argv.slice(2));
  await checkFree(port, "--port");
  await checkFree(docsPort, "--docs-port");
  if (!noBuild) await build();

  // The mock is built by now, and not before.
  const { startMock } = await import("@imcloud/mock");
  const mock = await startMock({ port, host: HOST });
  const docs = docsServer(paths.docs, mock.url);
  try {
    const docsUrl = `http://${HOST}:${await listen(docs, docsPort, "--docs-port")}/`;
    await Promise.all([checkAnswers(mock.url), checkAnswers(docsUrl)]);
    const { username, password, marketplace } = mock.credentials;
    console.log(`
Ready

  Mock API   ${mock.url}
  Docs       ${docsUrl}
  Mock page  ${new URL("/", mock.url)}

Sign in:
  curl -s -u ${username}:${password} -H 'Content-Type: application/json' -d '{"marketplace":"${marketplace}"}' ${mock.url}/token

Ctrl-C stops both.`);
    await Promise.race(["SIGINT", "SIGTERM", "SIGHUP"].map((signal) => once(process, signal)));
  } finally {
    await mock.close();
    await close(docs);
  }
});
