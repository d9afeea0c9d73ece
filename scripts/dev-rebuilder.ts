import type { RebuildTarget } from "./build.ts";
import type { BuildTask } from "./dev-builder.ts";
import type { MockTask } from "./dev-mock.ts";
import type { PagesTask } from "./dev-pages.ts";
import {
  isBuildCode,
  isPageCode,
  MOCK_TARGETS,
  NOT_OF_DOCUMENT,
  needsRestart,
  PAGE_TARGETS,
  rebuildTargetOf,
} from "./dev-targets.ts";
import type { WarmProcess } from "./warm-process.ts";

/** Milliseconds to wait for further changes: editors and git write several files at once. */
const DEBOUNCE = 50;
/** Milliseconds without a change after which slow files are made, which nobody waits for. */
const IDLE = 3_000;

/** What a process does here. */
type Worker<Task extends object> = Pick<WarmProcess<Task>, "perform" | "replace" | "stop">;

/** The processes that build and serve. */
export interface Processes {
  builder: Worker<BuildTask>;
  mock: Worker<MockTask>;
  pages: Worker<PagesTask>;
  /** Makes the docs' slow files, such as the page of all operations and pictures, while nothing else is made. */
  files: Worker<PagesTask>;
}

/** Files that changed at once, and what they rebuild. */
type Changes = Map<RebuildTarget, Set<string>>;

/** Names files in a line: the first, and how many more. */
function naming(files: ReadonlySet<string>): string {
  const [first = "", ...others] = files;
  if (!others.length) return first;
  return `${first} and ${others.length} more ${others.length === 1 ? "file" : "files"}`;
}

/** The targets that changes rebuild: a change of the document rebuilds nearly all. */
const targetsOf = (changes: Changes): RebuildTarget[] =>
  changes.has("document") ? ["document", ...NOT_OF_DOCUMENT.filter((each) => changes.has(each))] : [...changes.keys()];

/** Rebuilds one batch of changes after the other. Changes made meanwhile wait. */
export class Rebuilder {
  readonly #processes: Processes;
  #waiting: Changes = new Map();
  readonly #forNextStart = new Set<string>();
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
    if (this.#isClosed) return;
    const what = rebuildTargetOf(file);
    if (needsRestart(file)) this.#forNextStart.add(file);
    else if (!what) return;
    if (isBuildCode(file)) this.#isBuilderOutdated = true;
    if (isBuildCode(file) || isPageCode(file)) this.#isPageCodeOutdated = true;
    if (what) this.#waiting.set(what, (this.#waiting.get(what) ?? new Set()).add(file));
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
    if (this.#forNextStart.size) {
      const isOne = this.#forNextStart.size === 1;
      console.log(`${naming(this.#forNextStart)}: end npm run dev and start it again to use ${isOne ? "it" : "them"}.`);
      this.#forNextStart.clear();
    }
    if (this.#makingFiles) await this.#processes.files.replace();
    while (this.#waiting.size && !this.#isClosed) {
      const changes = this.#waiting;
      this.#waiting = new Map();
      if (this.#isBuilderOutdated) await this.#processes.builder.replace();
      this.#isBuilderOutdated = false;
      await this.#rebuild(changes);
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

  async #rebuild(changes: Changes): Promise<void> {
    const { builder, mock } = this.#processes;
    const start = performance.now();
    const seconds = () => `${((performance.now() - start) / 1000).toFixed(1)} s`;
    const targets = await this.#build(changes);
    if (!targets.length) return;
    const built = seconds();
    const files = naming(new Set([...changes.values()].flatMap((each) => [...each])));
    try {
      const isOneOf = (those: readonly RebuildTarget[]) => targets.some((what) => those.includes(what));
      if (isOneOf(MOCK_TARGETS)) await mock.perform({ serve: true });
      if (isOneOf(PAGE_TARGETS)) await this.#makePages(targets.some((what) => what !== "pages"));
      if (this.#isClosed) return;
      console.log(`${files}: built in ${built}, served in ${seconds()}`);
      // Only now, so that it delays nothing that somebody waits for.
      if (targets.some((what) => what !== "pages")) await builder.perform({ stage: "rest" });
      if (isOneOf(PAGE_TARGETS)) this.#areFilesOutdated = true;
    } catch (error) {
      this.#explain(files, error as Error);
    }
  }

  /** Builds what runs of each target, and gives those that could be built. The changes of the others are taken out. */
  async #build(changes: Changes): Promise<RebuildTarget[]> {
    const built: RebuildTarget[] = [];
    for (const what of targetsOf(changes)) {
      try {
        if (what !== "pages") await this.#processes.builder.perform({ stage: "first", what });
        built.push(what);
      } catch (error) {
        this.#explain(naming(changes.get(what) ?? new Set()), error as Error);
        changes.delete(what);
      }
    }
    return built;
  }

  #explain(files: string, { message }: Error): void {
    if (!this.#isClosed) console.error(`${files}: ${message}\nThe last build is still served.`);
  }

  async #makePages(isRebuilt: boolean): Promise<void> {
    const isReloaded = isRebuilt || this.#isPageCodeOutdated;
    this.#isPageCodeOutdated = false;
    await this.#processes.pages.perform({ isReloaded, isWhole: false });
  }
}
