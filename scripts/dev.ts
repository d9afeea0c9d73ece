import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensurePackages, ensurePages } from "./build.ts";
import type { BuildTask } from "./dev-builder.ts";
import type { DocsTask } from "./dev-docs.ts";
import type { ExampleTask } from "./dev-example.ts";
import type { MockTask } from "./dev-mock.ts";
import type { PagesTask } from "./dev-pages.ts";
import { Rebuilder } from "./dev-rebuilder.ts";
import { isIgnored, WATCHED_PATHS } from "./dev-targets.ts";
import { main } from "./log.ts";
import { paths } from "./paths.ts";
import { checkFree, HOST, portsOf } from "./ports.ts";
import { endSignal } from "./signals.ts";
import { optionsOf } from "./tasks.mjs";
import { WarmProcess } from "./warm-process.ts";
import { watchFiles } from "./watch.ts";

const COMMAND = "npm run dev --";
/** Where the example app is, below the docs: the same path as beside the built docs. */
const EXAMPLE_PATH = "/example";

/** The ports of the mock and the docs. */
interface Ports {
  port: number;
  docsPort: number;
}

/** Rebuilds the files that have changed until now, and each that changes from now on. */
type Follow = (changed: (file: string) => void) => void;

/** Serves the mock, the docs and the example app, and rebuilds what changes, until it is interrupted. */
async function serve({ port, docsPort }: Ports, follow: Follow): Promise<void> {
  const examplePort = await checkFree(COMMAND, 0, "--port");
  const folder = await mkdtemp(join(tmpdir(), "imcloud-dev-"));
  const mockUrl = `http://${HOST}:${port}/marketplace`;
  const data = join(folder, "mock.sqlite");
  const mock = new WarmProcess<MockTask>("./dev-mock.ts", ["--port", String(port), "--data", data]);
  const builder = new WarmProcess<BuildTask>("./dev-builder.ts");
  const pages = new WarmProcess<PagesTask>("./dev-pages.ts");
  const files = new WarmProcess<PagesTask>("./dev-pages.ts");
  const docs = new WarmProcess<DocsTask>("./dev-docs.ts");
  const example = new WarmProcess<ExampleTask>("./dev-example.ts");
  const rebuilder = new Rebuilder({ builder, mock, pages, files });
  const mounts = { [EXAMPLE_PATH]: `http://${HOST}:${examplePort}` };
  const interrupted = endSignal();
  try {
    const starting = Promise.all([
      mock.perform({ serve: true }),
      docs.perform({ port: docsPort, host: HOST, mockUrl, mounts }),
      example.perform({ path: EXAMPLE_PATH, port: examplePort }),
      // Makes the pages once, unchanged, so that this process has loaded what it needs before the first change.
      pages.perform({ isReloaded: false, isWhole: false }),
    ]);
    const isStarted = await Promise.race([starting.then(() => true), interrupted.then(() => false)]);
    if (!isStarted) return;
    follow((file) => rebuilder.changed(file));
    console.log(`
Watching

  Mock API   ${mockUrl}, which keeps its data while it is replaced
  Docs       http://${HOST}:${docsPort}
  Example    http://${HOST}:${docsPort}${EXAMPLE_PATH}/

Ctrl-C stops all.`);
    await Promise.race([
      interrupted,
      docs.failure("The docs are no longer served"),
      example.failure("The example app is no longer served"),
    ]);
  } finally {
    await Promise.all([docs.stop(), example.stop(), rebuilder.close()]);
    await rm(folder, { recursive: true, force: true });
  }
}

async function dev(): Promise<void> {
  const ports = portsOf(optionsOf("dev"));
  const port = await checkFree(COMMAND, ports.port, "--port");
  const docsPort = await checkFree(COMMAND, ports.docsPort, "--docs-port");
  // What changes while it builds may come too late for that.
  const early = new Set<string>();
  let changed = (file: string): void => {
    early.add(file);
  };
  const stopWatching = await watchFiles(paths.root, WATCHED_PATHS, isIgnored, (file) => changed(file));
  try {
    await ensurePackages();
    await ensurePages();
    await serve({ port, docsPort }, (rebuild) => {
      for (const file of early) rebuild(file);
      changed = rebuild;
    });
  } finally {
    await stopWatching();
  }
}

main(dev);
