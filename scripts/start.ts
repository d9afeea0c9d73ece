import { once } from "node:events";
import { parseArgs } from "node:util";
import { type DocsServer, startDocsServer } from "@imcloud/docs/server";
import { main } from "./log.ts";
import { paths } from "./paths.ts";
import { checkFree, explainPort, HOST, portsOf } from "./ports.ts";

const COMMAND = "npm start --";

/** Parses the command line: the ports, and whether to skip the build. */
function parseArguments(args: string[]) {
  const { values } = parseArgs({
    args,
    options: { port: { type: "string" }, "docs-port": { type: "string" }, "no-build": { type: "boolean" } },
  });
  return { ...portsOf(values), noBuild: values["no-build"] };
}

async function checkResponds(url: string): Promise<void> {
  const response = await fetch(url);
  await response.body?.cancel();
  if (response.status >= 500) throw new Error(`${url} responds with ${response.status}.`);
}

/**
 * Builds what the mock runs on.
 * @returns a function that builds the pages
 */
async function buildMock(): Promise<() => Promise<void>> {
  // Imported late, as the build's code takes half a second to load.
  const { buildPackages, buildPages } = await import("./build.ts");
  console.log("Building from openapi/openapi.yaml");
  await buildPackages({ declarations: false });
  return buildPages;
}

main(async () => {
  const { port, docsPort, noBuild } = parseArguments(process.argv.slice(2));
  await checkFree(COMMAND, port, "--port");
  await checkFree(COMMAND, docsPort, "--docs-port");
  const buildPages = noBuild ? async () => {} : await buildMock();

  // Imported late, as it is built only now. It serves while the pages are built.
  const { startMock } = await import("@imcloud/mock");
  const mock = await startMock({ port, host: HOST });
  let docs: DocsServer | undefined;
  try {
    if (!noBuild) console.log(`The mock responds at ${mock.url}; the docs follow.`);
    await buildPages();
    docs = await explainPort(COMMAND, docsPort, "--docs-port", () =>
      startDocsServer({
        folder: paths.docs,
        mounts: { "/example": paths.example },
        mockUrl: mock.url,
        port: docsPort,
        host: HOST,
      }),
    );
    await Promise.all([checkResponds(mock.url), checkResponds(docs.url)]);
    const { username, password, marketplace, subscriptionKey } = mock.credentials;
    console.log(`
Ready

  Mock API   ${mock.url}
  Docs       ${docs.url}
  Mock page  ${new URL("/", mock.url)}
  Example    ${new URL("example/", docs.url)}

Sign in:
  curl -s -u ${username}:${password} -H 'Content-Type: application/json' -d '{"marketplace":"${marketplace}"}' ${mock.url}/token

For the samples of the docs:
  export IMCLOUD_BASE_URL="${mock.url}" IMCLOUD_MARKETPLACE="${marketplace}"
  export IMCLOUD_USERNAME="${username}" IMCLOUD_PASSWORD="${password}" IMCLOUD_SUBSCRIPTION_KEY="${subscriptionKey}"

Ctrl-C stops both.`);
    await Promise.race(["SIGINT", "SIGTERM", "SIGHUP"].map((signal) => once(process, signal)));
  } finally {
    await Promise.all([mock.close(), docs?.close()]);
  }
});
