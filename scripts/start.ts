import { once } from "node:events";
import { createServer } from "node:http";
import { parseArgs } from "node:util";
import { type DocsServer, startDocsServer } from "@imcloud/docs/server";
import { build } from "./build.ts";
import { main } from "./log.ts";
import { paths } from "./paths.ts";

const HOST = "127.0.0.1";

/** The port that an argument names. */
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

/** Says which port is taken and how to choose another, instead of Node's own words. */
async function explainPort<T>(port: number, option: string, listen: () => Promise<T>): Promise<T> {
  try {
    return await listen();
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "EADDRINUSE") throw cause;
    const free = port > 65_000 ? port - 1000 : port + 1000;
    throw new Error(`Port ${port} is in use. Choose another: npm start -- ${option} ${free}`, { cause });
  }
}

/** Fails before the build, not after it, when a port is taken. */
async function checkFree(port: number, option: string): Promise<void> {
  const server = createServer();
  await explainPort(port, option, async () => {
    server.listen(port, HOST);
    await once(server, "listening");
  });
  server.close();
  await once(server, "close");
}

async function checkResponds(url: string): Promise<void> {
  const response = await fetch(url);
  await response.body?.cancel();
  if (response.status >= 500) throw new Error(`${url} responds with ${response.status}.`);
}

main(async () => {
  const { port, docsPort, noBuild } = parseArguments(process.argv.slice(2));
  await checkFree(port, "--port");
  await checkFree(docsPort, "--docs-port");
  if (!noBuild) await build({ declarations: false });

  // The mock is built by now, and not before.
  const { startMock } = await import("@imcloud/mock");
  const mock = await startMock({ port, host: HOST });
  let docs: DocsServer | undefined;
  try {
    docs = await explainPort(docsPort, "--docs-port", () =>
      startDocsServer({
        folder: paths.docs,
        mounts: { "/example": paths.example },
        mockUrl: mock.url,
        port: docsPort,
        host: HOST,
      }),
    );
    await Promise.all([checkResponds(mock.url), checkResponds(docs.url)]);
    const { username, password, marketplace } = mock.credentials;
    console.log(`
Ready

  Mock API   ${mock.url}
  Docs       ${docs.url}
  Mock page  ${new URL("/", mock.url)}
  Example    ${new URL("example/", docs.url)}

Sign in:
  curl -s -u ${username}:${password} -H 'Content-Type: application/json' -d '{"marketplace":"${marketplace}"}' ${mock.url}/token

For the samples of the docs:
  export IMCLOUD_BASE_URL="${mock.url}"

Ctrl-C stops both.`);
    await Promise.race(["SIGINT", "SIGTERM", "SIGHUP"].map((signal) => once(process, signal)));
  } finally {
    await Promise.all([mock.close(), docs?.close()]);
  }
});
