import type { DocsServer } from "@imcloud/docs/server";
import type { Mock } from "@imcloud/mock";
import { withBuildLock } from "./build-lock.ts";
import { main } from "./log.ts";
import { paths } from "./paths.ts";
import { checkFree, explainPort, HOST, portsOf } from "./ports.ts";
import { endSignal } from "./signals.ts";
import { optionsOf } from "./tasks.mjs";

const COMMAND = "npm start --";

async function checkResponds(url: string): Promise<void> {
  const response = await fetch(url);
  await response.body?.cancel();
  if (response.status >= 500) throw new Error(`${url} responds with ${response.status}.`);
}

main(async () => {
  const options = optionsOf("start");
  const { port, docsPort } = portsOf(options);
  const checkPorts = async () => {
    await checkFree(COMMAND, port, "--port");
    await checkFree(COMMAND, docsPort, "--docs-port");
  };
  await checkPorts();

  let starting: Promise<Mock> | undefined;
  async function serveMock(): Promise<Mock> {
    // Imported late, as it is built only by then.
    const { startMock } = await import("@imcloud/mock");
    return startMock({ port, host: HOST });
  }
  let docs: DocsServer | undefined;
  try {
    if (!options["no-build"]) {
      // Imported late, as the build's code takes half a second to load.
      const { buildPackages, buildPages } = await import("./build.ts");
      await withBuildLock(async () => {
        // The build that it waited for may have been another start's.
        await checkPorts();
        console.log("Building from openapi/openapi.yaml");
        await buildPackages({ declarations: false });
        await buildPages(async () => {
          starting = serveMock();
          console.log(`The mock responds at ${(await starting).url}; the docs follow.`);
        });
      });
    }
    starting ??= serveMock();
    const mock = await starting;
    const { startDocsServer } = await import("@imcloud/docs/server");
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
    await endSignal();
  } finally {
    const mock = await starting?.catch(() => undefined);
    await Promise.all([mock?.close(), docs?.close()]);
  }
});
