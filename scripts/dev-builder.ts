import { type Rebuilt, rebuild } from "./build.ts";
import { doTasks } from "./warm-process.ts";

/** What the builder is asked for: to build anew what something that runs is made of, or to build what was left then. */
export type BuildTask = { stage: "first"; what: Exclude<Rebuilt, "pages"> } | { stage: "rest" };

let buildRest = async () => {};

doTasks<BuildTask>(async (task) => {
  if (task.stage === "first") buildRest = await rebuild(task.what);
  else await buildRest();
});
