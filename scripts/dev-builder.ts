import { type RebuildTarget, rebuild } from "./build.ts";
import { doTasks } from "./warm-process.ts";

/** A task of the builder: to rebuild what runs, or the rest that was left for later. */
export type BuildTask = { stage: "first"; what: Exclude<RebuildTarget, "pages"> } | { stage: "rest" };

let rests: (() => Promise<void>)[] = [];

doTasks<BuildTask>(async (task) => {
  if (task.stage === "first") return void rests.push(await rebuild(task.what));
  const all = rests;
  rests = [];
  for (const buildRest of all) await buildRest();
});
