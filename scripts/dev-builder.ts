import { type RebuildTarget, rebuild } from "./build.ts";
import { doTasks } from "./warm-process.ts";

/** A task of the builder: to rebuild what runs, or the rest that was left for later. */
export type BuildTask = { stage: "first"; what: Exclude<RebuildTarget, "pages"> } | { stage: "rest" };

let buildRest = async () => {};

doTasks<BuildTask>(async (task) => {
  if (task.stage === "first") buildRest = await rebuild(task.what);
  else await buildRest();
});
