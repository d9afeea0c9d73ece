import { once } from "node:events";
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { FoundOnPages } from "../src/search/search-index.ts";

/** What a worker does with its part of the pages. */
export interface PagesTask {
  /** The built site. */
  folder: string;
  pages: string[];
}

/** More workers do not load in the time that they save. */
const MOST_WORKERS = 4;

/** Workers that have loaded what they need before there are pages. */
export interface PageFinisher {
  /**
   * Makes the pages of a built site portable. It can be done once.
   * @param asTheyAre what the site serves as it is, where other tools have drawn pages
   * @returns what can be found on each
   */
  finish(folder: string, asTheyAre: string): Promise<FoundOnPages>;
}

/** Starts the workers. They keep no process alive before they have something to do. */
export function startPageFinisher(): PageFinisher {
  const count = Math.min(availableParallelism(), MOST_WORKERS);
  const workers = Array.from({ length: count }, () => new Worker(new URL("finish-pages-worker.ts", import.meta.url)));
  for (const worker of workers) worker.unref();
  return {
    async finish(folder, asTheyAre) {
      const files = (await readdir(folder, { recursive: true })).map((file) => file.replaceAll("\\", "/"));
      const pages = files.filter((file) => file.endsWith(".html") && !existsSync(join(asTheyAre, file))).sort();
      const found = workers.map(async (worker, index) => {
        worker.ref();
        const outcome = once(worker, "message") as Promise<[FoundOnPages]>;
        // Pages that follow each other are of one kind, so each worker gets some of every kind.
        const task: PagesTask = { folder, pages: pages.filter((_, place) => place % count === index) };
        worker.postMessage(task);
        return (await outcome)[0];
      });
      return (await Promise.all(found)).flat();
    },
  };
}
