import { type ChildProcess, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { watch } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { packageFile } from "@imcloud/openapi-tools/exec";
import { ensurePackages, ensurePages, type Rebuilt } from "./build.ts";
import type { Outcome, Task } from "./dev-builder.ts";
import { main } from "./log.ts";
import { paths } from "./paths.ts";
import { checkFree, HOST, portsOf } from "./ports.ts";

const COMMAND = "npm run dev --";
/** Milliseconds in which changes count as one: editors and git write several files at once. */
const TOGETHER = 50;

/** What is built anew when a file changes: the first folder that it is in. The docs' own server watches the docs. */
const WATCHED: readonly [folder: string, rebuilt: Rebuilt][] = [
  ["openapi", "document"],
  ["packages/openapi-tools", "document"],
  ["packages/spec", "document"],
  ["packages/client", "client"],
  ["packages/mock", "mock"],
  ["packages/theme", "mock"],
  ["packages/query", "query"],
  ["packages/stores", "stores"],
  ["packages/sync", "sync"],
];

/** What the mock does not run on. */
const UNSERVED: readonly Rebuilt[] = ["query", "stores", "sync"];

/** Made by the build, or of no interest to it. */
const IGNORED = /(^|[\\/])(node_modules|dist|build|generated|decisions|\.\w[^\\/]*)([\\/]|$)|\.test(-d)?\.ts$|\.md$|~$/;

/** What makes sources of the document, wherever they are: all that is made of the document is made anew. */
const GENERATOR = /^packages\/[^/]+\/generate\//;

/** What a change of a file has built anew, if anything. */
export function rebuiltBy(file: string): Rebuilt | undefined {
  if (IGNORED.test(file)) return undefined;
  return GENERATOR.test(file) ? "document" : WATCHED.find(([folder]) => file.startsWith(`${folder}/`))?.[1];
}

/** Whether a file is one of those that build: a process that has loaded it builds as it was. */
export const isOfBuilder = (file: string): boolean =>
  GENERATOR.test(file) || /^packages\/(openapi-tools|theme)\/.*\.ts$|\/tsdown\.config\.ts$/.test(file);

/** Builds in a process of its own, which keeps what it has loaded: starting it takes longer than building. */
class Builder {
  #process = this.#fork();
  #isStopped = false;

  #fork(): ChildProcess {
    return fork(fileURLToPath(import.meta.resolve("./dev-builder.ts")), { execArgv: ["--no-warnings"] });
  }

  /** Takes a new process, as the files that build have changed. */
  replace(): void {
    this.#process.kill();
    this.#process = this.#fork();
  }

  stop(): void {
    this.#isStopped = true;
    this.#process.kill();
  }

  /** @throws {@link Error} with what is wrong */
  async perform(task: Task): Promise<void> {
    const settled = new AbortController();
    const { signal } = settled;
    const outcome = once(this.#process, "message", { signal }) as Promise<[Outcome]>;
    const ended = once(this.#process, "exit", { signal }).then((): [Outcome] => [{ error: "The builder has ended." }]);
    this.#process.send(task);
    const [{ error }] = await Promise.race([outcome, ended]).finally(() => settled.abort());
    if (!this.#process.connected && !this.#isStopped) this.#process = this.#fork();
    if (error) throw new Error(error);
  }
}

/** The mock in a process of its own, which is replaced when what it is made of changes. Its data are in a file, so they stay. */
class MockProcess {
  readonly #args: string[];
  #process: ChildProcess | undefined;

  constructor(port: number, data: string) {
    const cli = join(paths.mock, "dist/cli.js");
    this.#args = [cli, "--port", String(port), "--host", HOST, "--data", data, "--quiet"];
  }

  /** Starts it, and waits until it responds. */
  async start(): Promise<void> {
    const started = spawn(process.execPath, this.#args, { stdio: ["ignore", "pipe", "inherit"] });
    this.#process = started;
    await Promise.race([once(started.stdout, "data"), once(started, "exit")]);
    if (started.exitCode !== null) throw new Error("The mock did not start; its own words are above.");
    started.stdout.resume();
  }

  async stop(): Promise<void> {
    const running = this.#process;
    if (!running || running.exitCode !== null) return;
    running.kill("SIGTERM");
    await once(running, "exit");
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }
}

/** Rebuilds one after the other; what changes meanwhile is rebuilt then. */
class Rebuilder {
  readonly #mock: MockProcess;
  readonly #builder: Builder;
  readonly #waiting = new Map<Rebuilt, string>();
  #timer: NodeJS.Timeout | undefined;
  #isRunning = false;
  #isBuilderOld = false;
  #isClosed = false;
  #running: Promise<void> | undefined;

  constructor(mock: MockProcess, builder: Builder) {
    this.#mock = mock;
    this.#builder = builder;
  }

  changed(file: string): void {
    const what = rebuiltBy(file);
    if (!what) return;
    if (isOfBuilder(file)) this.#isBuilderOld = true;
    this.#waiting.set(what, file);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#start(), TOGETHER);
  }

  #start(): void {
    if (!this.#isRunning) this.#running = this.#run();
  }

  /** Ends what is being built, and waits until it starts nothing any more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#waiting.clear();
    this.#builder.stop();
    await this.#running;
  }

  async #run(): Promise<void> {
    if (this.#isClosed) return;
    this.#isRunning = true;
    while (this.#waiting.size) {
      const all = [...this.#waiting];
      this.#waiting.clear();
      if (this.#isBuilderOld) this.#builder.replace();
      this.#isBuilderOld = false;
      // Whatever comes of the document comes with it.
      const chosen = all.filter(
        ([what], _at, those) => what === "document" || !those.some(([other]) => other === "document"),
      );
      for (const [what, file] of chosen) await this.#rebuild(what, file);
    }
    this.#isRunning = false;
  }

  async #rebuild(what: Rebuilt, file: string): Promise<void> {
    const start = performance.now();
    const seconds = () => `${((performance.now() - start) / 1000).toFixed(1)} s`;
    try {
      await this.#builder.perform({ stage: "first", what });
      const built = seconds();
      if (!UNSERVED.includes(what)) await this.#mock.restart();
      console.log(`${file}: built in ${built}, served in ${seconds()}`);
      // Only now, as it writes what the mock reads when it starts.
      await this.#builder.perform({ stage: "rest" });
    } catch (error) {
      if (this.#isClosed) return;
      console.error(`${file}: ${(error as Error).message}\nWhat was there before goes on.`);
    }
  }
}

/** Serves the docs by their own development server, which shows each change of the document or of a component. A guide's needs a build. */
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
  const mock = new MockProcess(port, join(folder, "mock.sqlite"));
  await mock.start();
  const docs = serveDocs(docsPort);
  const builder = new Builder();
  const rebuilder = new Rebuilder(mock, builder);
  const watchers = WATCHED.map(([path]) =>
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
  await mock.stop();
  await rm(folder, { recursive: true, force: true });
}

if (import.meta.main) main(dev);
