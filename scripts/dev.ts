import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packageFile } from "@imcloud/openapi-tools/exec";
import { ensurePackages, ensurePages, type RebuildTarget } from "./build.ts";
import type { BuildTask } from "./dev-builder.ts";
import type { MockTask } from "./dev-mock.ts";
import type { PagesTask } from "./dev-pages.ts";
import { main } from "./log.ts";
import { paths } from "./paths.ts";
import { checkFree, HOST, portsOf } from "./ports.ts";
import { optionsOf } from "./tasks.mjs";
import { WarmProcess } from "./warm-process.ts";
import { watchFiles } from "./watch.ts";

const COMMAND = "npm run dev --";
/** Milliseconds to wait for further changes: editors and git write several files at once. */
const DEBOUNCE = 50;
/** Milliseconds without a change after which slow files are made, which nobody waits for. */
const IDLE = 3_000;

/** What a changed file rebuilds: the first of these that it is in. Astro's own server watches the docs' components. */
const WATCHED: readonly [folder: string, target: RebuildTarget][] = [
  ["openapi/decisions", "pages"],
  ["openapi/workflows", "pages"],
  ["openapi", "document"],
  ["packages/openapi-tools", "document"],
  ["packages/spec", "document"],
  ["packages/client/README.md", "pages"],
  ["packages/client", "client"],
  ["packages/options", "options"],
  ["packages/sql", "sql"],
  ["packages/mock", "mock"],
  ["packages/theme", "mock"],
  ["packages/query", "query"],
  ["packages/stores", "stores"],
  ["packages/sync", "sync"],
  ["packages/cli", "cli"],
  ["packages/mcp", "mcp"],
  ["packages/docs", "pages"],
  ["test/evidence/sources", "pages"],
];

/** What the mock runs on. */
const MOCK_TARGETS: readonly RebuildTarget[] = ["document", "client", "options", "mock"];

/** What changes the docs' pages: they run the client, the sandbox and the command line. */
const PAGE_TARGETS: readonly RebuildTarget[] = [...MOCK_TARGETS, "cli", "pages"];

/** Files that the build makes or does not read. */
const IGNORED = /(^|[\\/])(node_modules|dist|build|generated|\.\w[^\\/]*)([\\/]|$)|\.test(-d)?\.ts$|~$/;

/** Markdown that the docs have no page of. */
const MARKDOWN_WITHOUT_PAGE = /^(?!packages\/docs\/|packages\/client\/README\.md$|openapi\/decisions\/|test\/).*\.md$/;

/** Files that Astro's own server watches. */
const WATCHED_BY_ASTRO =
  /^packages\/docs\/(src\/(components|pages|reference|home|guides)\/|astro\.config\.ts$|tsconfig\.json$)/;

/** Generators: a change of one makes everything from the document again. */
const GENERATOR = /^packages\/(?!docs\/)[^/]+\/generate\//;

/** What a changed file rebuilds, if anything. */
export function rebuildTargetOf(file: string): RebuildTarget | undefined {
  if (IGNORED.test(file) || MARKDOWN_WITHOUT_PAGE.test(file) || WATCHED_BY_ASTRO.test(file)) return undefined;
  if (GENERATOR.test(file)) return "document";
  return WATCHED.find(([path]) => file === path || file.startsWith(`${path}/`))?.[1];
}

/** Whether a file is code of the build: a process that has loaded it must be replaced. */
export const isBuildCode = (file: string): boolean =>
  GENERATOR.test(file) || /^packages\/(openapi-tools|theme)\/.*\.ts$|\/tsdown\.config\.ts$/.test(file);

/** Whether a file is code that makes the pages. */
export const isPageCode = (file: string): boolean => /^packages\/docs\/(generate|src)\/.*\.ts$/.test(file);

/** The processes that build and serve. */
interface Processes {
  builder: WarmProcess<BuildTask>;
  mock: WarmProcess<MockTask>;
  pages: WarmProcess<PagesTask>;
  /** Makes the docs' slow files, such as the page of all operations and pictures, while nothing else is made. */
  files: WarmProcess<PagesTask>;
}

/** Rebuilds one change after the other. Changes made meanwhile wait. */
export class Rebuilder {
  readonly #processes: Processes;
  readonly #waiting = new Map<RebuildTarget, string>();
  #timer: NodeJS.Timeout | undefined;
  #isBuilderOutdated = false;
  #isPageCodeOutdated = false;
  #areFilesOutdated = false;
  #makingFiles: Promise<void> | undefined;
  #isClosed = false;
  #running: Promise<void> | undefined;

  constructor(processes: Processes) {
    this.#processes = processes;
  }

  changed(file: string): void {
    const what = rebuildTargetOf(file);
    if (!what) return;
    if (isBuildCode(file)) this.#isBuilderOutdated = true;
    if (isBuildCode(file) || isPageCode(file)) this.#isPageCodeOutdated = true;
    this.#waiting.set(what, file);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#start(), DEBOUNCE);
  }

  #start(): void {
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
  }

  /** Stops the processes, and waits until nothing more is started. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#waiting.clear();
    await Promise.all(Object.values(this.#processes).map((each: Processes[keyof Processes]) => each.stop()));
    await this.#running;
  }

  async #run(): Promise<void> {
    if (this.#makingFiles) await this.#processes.files.replace();
    while (this.#waiting.size && !this.#isClosed) {
      const all = [...this.#waiting];
      this.#waiting.clear();
      if (this.#isBuilderOutdated) await this.#processes.builder.replace();
      this.#isBuilderOutdated = false;
      // A change of the document rebuilds all packages.
      const chosen = all.filter(
        ([what], _at, those) => what === "document" || !those.some(([other]) => other === "document"),
      );
      for (const [what, file] of chosen) await this.#rebuild(what, file);
    }
    if (!this.#areFilesOutdated || this.#isClosed) return;
    this.#timer = setTimeout(() => {
      this.#makingFiles = this.#makeFiles();
    }, IDLE);
  }

  /** Makes the docs' slow files. The next change stops it, and it begins again later. */
  async #makeFiles(): Promise<void> {
    const { files } = this.#processes;
    try {
      await files.perform({ isReloaded: true, isWhole: true });
      this.#areFilesOutdated = false;
    } catch {
      // Stopped by a change, or failed for a reason that was printed when the pages were made.
    }
    this.#makingFiles = undefined;
  }

  async #rebuild(what: RebuildTarget, file: string): Promise<void> {
    const { builder, mock } = this.#processes;
    const start = performance.now();
    const seconds = () => `${((performance.now() - start) / 1000).toFixed(1)} s`;
    try {
      if (what !== "pages") await builder.perform({ stage: "first", what });
      const built = seconds();
      if (MOCK_TARGETS.includes(what)) await mock.perform({ serve: true });
      if (PAGE_TARGETS.includes(what)) await this.#makePages(what !== "pages");
      if (this.#isClosed) return;
      console.log(`${file}: built in ${built}, served in ${seconds()}`);
      // Only now, so that it delays nothing that somebody waits for.
      if (what !== "pages") await builder.perform({ stage: "rest" });
      if (PAGE_TARGETS.includes(what)) this.#areFilesOutdated = true;
    } catch (error) {
      if (this.#isClosed) return;
      console.error(`${file}: ${(error as Error).message}\nThe last build is still served.`);
    }
  }

  async #makePages(isRebuilt: boolean): Promise<void> {
    const isReloaded = isRebuilt || this.#isPageCodeOutdated;
    this.#isPageCodeOutdated = false;
    await this.#processes.pages.perform({ isReloaded, isWhole: false });
  }
}

/** Serves the docs by Astro's development server, which reloads changed pages. */
function serveDocs(port: number): ChildProcess {
  const astro = packageFile("astro", "bin/astro.mjs", paths.docsPackage);
  return spawn(process.execPath, [astro, "dev", "--port", String(port), "--host", HOST], {
    cwd: paths.docsPackage,
    stdio: ["ignore", "ignore", "inherit"],
    env: { ...process.env, ASTRO_TELEMETRY_DISABLED: "1" },
  });
}

/** Serves the mock and the docs, and rebuilds what changes. */
async function dev(): Promise<void> {
  const ports = portsOf(optionsOf("dev"));
  const port = await checkFree(COMMAND, ports.port, "--port");
  const docsPort = await checkFree(COMMAND, ports.docsPort, "--docs-port");
  await ensurePackages();
  await ensurePages();
  const folder = await mkdtemp(join(tmpdir(), "imcloud-dev-"));
  const data = join(folder, "mock.sqlite");
  const mock = new WarmProcess<MockTask>("./dev-mock.ts", ["--port", String(port), "--data", data]);
  const builder = new WarmProcess<BuildTask>("./dev-builder.ts");
  const pages = new WarmProcess<PagesTask>("./dev-pages.ts");
  const files = new WarmProcess<PagesTask>("./dev-pages.ts");
  const docs = serveDocs(docsPort);
  const rebuilder = new Rebuilder({ builder, mock, pages, files });
  // Makes the pages once, unchanged, so that this process has loaded what it needs before the first change.
  await Promise.all([mock.perform({ serve: true }), pages.perform({ isReloaded: false, isWhole: false })]);
  const stopWatching = await watchFiles(
    paths.root,
    ["openapi", "packages", "test/evidence/sources"],
    (file) => IGNORED.test(file),
    (file) => rebuilder.changed(file),
  );
  console.log(`
Watching

  Mock API   http://${HOST}:${port}/marketplace, which keeps its data while it is replaced
  Docs       http://${HOST}:${docsPort}

Ctrl-C stops both.`);
  await Promise.race(["SIGINT", "SIGTERM", "SIGHUP"].map((signal) => once(process, signal)));
  await stopWatching();
  docs.kill();
  await rebuilder.close();
  await rm(folder, { recursive: true, force: true });
}

if (import.meta.main) main(dev);
