import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { watch } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { packageFile } from "@imcloud/openapi-tools/exec";
import { ensurePackages, ensurePages, type Rebuilt } from "./build.ts";
import type { BuildTask } from "./dev-builder.ts";
import type { MockTask } from "./dev-mock.ts";
import type { PagesTask } from "./dev-pages.ts";
import { main } from "./log.ts";
import { paths } from "./paths.ts";
import { checkFree, HOST, portsOf } from "./ports.ts";
import { WarmProcess } from "./warm-process.ts";

const COMMAND = "npm run dev --";
/** Milliseconds in which changes count as one: editors and git write several files at once. */
const TOGETHER = 50;
/** Milliseconds without a change after which what nobody waits for is made. */
const QUIET = 3_000;

/** What is made anew when a file changes: the first folder that it is in. The docs' own server watches their components. */
const WATCHED: readonly [folder: string, rebuilt: Rebuilt][] = [
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
const SERVED: readonly Rebuilt[] = ["document", "client", "options", "mock"];

/** What pages are made of: they run the client, the sandbox and the command line. */
const SHOWN: readonly Rebuilt[] = [...SERVED, "cli", "pages"];

/** Made by the build, or of no interest to it. */
const IGNORED = /(^|[\\/])(node_modules|dist|build|generated|\.\w[^\\/]*)([\\/]|$)|\.test(-d)?\.ts$|~$/;

/** Markdown of packages is for readers of the repository, but for what the docs have pages of. */
const NO_PAGE = /^(?!packages\/docs\/|packages\/client\/README\.md$|openapi\/decisions\/|test\/).*\.md$/;

/** The docs' own server watches what these are of. */
const OF_ASTRO =
  /^packages\/docs\/(src\/(components|pages|reference|home|guides)\/|astro\.config\.ts$|tsconfig\.json$)/;

/** What makes sources of the document, wherever they are: all that is made of the document is made anew. */
const GENERATOR = /^packages\/(?!docs\/)[^/]+\/generate\//;

/** What a change of a file has made anew, if anything. */
export function rebuiltBy(file: string): Rebuilt | undefined {
  if (IGNORED.test(file) || NO_PAGE.test(file) || OF_ASTRO.test(file)) return undefined;
  if (GENERATOR.test(file)) return "document";
  return WATCHED.find(([path]) => file === path || file.startsWith(`${path}/`))?.[1];
}

/** Whether a file is one of those that build: a process that has loaded it builds as it was. */
export const isOfBuilder = (file: string): boolean =>
  GENERATOR.test(file) || /^packages\/(openapi-tools|theme)\/.*\.ts$|\/tsdown\.config\.ts$/.test(file);

/** Whether a file is one of the code that makes the pages. */
export const isOfPages = (file: string): boolean => /^packages\/docs\/(generate|src)\/.*\.ts$/.test(file);

/** The processes in which things are made and served. */
interface Processes {
  builder: WarmProcess<BuildTask>;
  mock: WarmProcess<MockTask>;
  pages: WarmProcess<PagesTask>;
  /** Makes for the docs what takes seconds, such as the page of all operations and pictures, while nothing else is made. */
  files: WarmProcess<PagesTask>;
}

/** Rebuilds one after the other; what changes meanwhile is rebuilt then. */
export class Rebuilder {
  readonly #processes: Processes;
  readonly #waiting = new Map<Rebuilt, string>();
  #timer: NodeJS.Timeout | undefined;
  #isBuilderOld = false;
  #isPagesOld = false;
  #areFilesOld = false;
  #making: Promise<void> | undefined;
  #isClosed = false;
  #running: Promise<void> | undefined;

  constructor(processes: Processes) {
    this.#processes = processes;
  }

  changed(file: string): void {
    const what = rebuiltBy(file);
    if (!what) return;
    if (isOfBuilder(file)) this.#isBuilderOld = true;
    if (isOfBuilder(file) || isOfPages(file)) this.#isPagesOld = true;
    this.#waiting.set(what, file);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#start(), TOGETHER);
  }

  #start(): void {
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
  }

  /** Ends what is being built, and waits until it starts nothing any more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#waiting.clear();
    await Promise.all(Object.values(this.#processes).map((each: Processes[keyof Processes]) => each.stop()));
    await this.#running;
  }

  async #run(): Promise<void> {
    if (this.#making) await this.#processes.files.replace();
    while (this.#waiting.size && !this.#isClosed) {
      const all = [...this.#waiting];
      this.#waiting.clear();
      if (this.#isBuilderOld) await this.#processes.builder.replace();
      this.#isBuilderOld = false;
      // Whatever comes of the document comes with it.
      const chosen = all.filter(
        ([what], _at, those) => what === "document" || !those.some(([other]) => other === "document"),
      );
      for (const [what, file] of chosen) await this.#rebuild(what, file);
    }
    if (!this.#areFilesOld || this.#isClosed) return;
    this.#timer = setTimeout(() => {
      this.#making = this.#makeFiles();
    }, QUIET);
  }

  /** The next change ends it, and makes it begin again later. */
  async #makeFiles(): Promise<void> {
    const { files } = this.#processes;
    try {
      await files.perform({ isReloaded: true, isWhole: true });
      this.#areFilesOld = false;
    } catch {
      // What is wrong was told when the pages were made; or it was ended.
    }
    this.#making = undefined;
  }

  async #rebuild(what: Rebuilt, file: string): Promise<void> {
    const { builder, mock } = this.#processes;
    const start = performance.now();
    const seconds = () => `${((performance.now() - start) / 1000).toFixed(1)} s`;
    try {
      if (what !== "pages") await builder.perform({ stage: "first", what });
      const built = seconds();
      if (SERVED.includes(what)) await mock.perform({ serve: true });
      if (SHOWN.includes(what)) await this.#makePages(what !== "pages");
      if (this.#isClosed) return;
      console.log(`${file}: built in ${built}, served in ${seconds()}`);
      // Only now, as it takes the time of what is waited for.
      if (what !== "pages") await builder.perform({ stage: "rest" });
      if (SHOWN.includes(what)) this.#areFilesOld = true;
    } catch (error) {
      if (this.#isClosed) return;
      console.error(`${file}: ${(error as Error).message}\nWhat was there before goes on.`);
    }
  }

  async #makePages(isRebuilt: boolean): Promise<void> {
    const isReloaded = isRebuilt || this.#isPagesOld;
    this.#isPagesOld = false;
    await this.#processes.pages.perform({ isReloaded, isWhole: false });
  }
}

/** Serves the docs by their own development server, which shows each change of the document, of a component, and of the pages that are made for it. */
function serveDocs(port: number): ChildProcess {
  const astro = packageFile("astro", "bin/astro.mjs", paths.docsPackage);
  return spawn(process.execPath, [astro, "dev", "--port", String(port), "--host", HOST], {
    cwd: paths.docsPackage,
    stdio: ["ignore", "ignore", "inherit"],
    env: { ...process.env, ASTRO_TELEMETRY_DISABLED: "1" },
  });
}

/** Serves mock and docs, and builds and serves anew what changes. */
async function dev(): Promise<void> {
  const { values } = parseArgs({ options: { port: { type: "string" }, "docs-port": { type: "string" } } });
  const { port, docsPort } = portsOf(values);
  await checkFree(COMMAND, port, "--port");
  await checkFree(COMMAND, docsPort, "--docs-port");
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
  // The pages are as they were: what makes them has loaded then what it needs.
  await Promise.all([mock.perform({ serve: true }), pages.perform({ isReloaded: false, isWhole: false })]);
  const watchers = ["openapi", "packages", "test/evidence/sources"].map((path) =>
    watch(join(paths.root, path), { recursive: true }, (_event, file) => {
      if (file !== null) rebuilder.changed(`${path}/${file.replaceAll("\\", "/")}`);
    }),
  );
  console.log(`
Watching

  Mock API   http://${HOST}:${port}/marketplace, which keeps its data while it is replaced
  Docs       http://${HOST}:${docsPort}

Ctrl-C stops both.`);
  await Promise.race(["SIGINT", "SIGTERM", "SIGHUP"].map((signal) => once(process, signal)));
  for (const watcher of watchers) watcher.close();
  docs.kill();
  await rebuilder.close();
  await rm(folder, { recursive: true, force: true });
}

if (import.meta.main) main(dev);
