import { type Rebuilt, rebuild } from "./build.ts";

/** What the builder is asked for: to build anew what something that runs is made of, or to build what was left then. */
export type Task = { stage: "first"; what: Rebuilt } | { stage: "rest" };

/** Sent when a task is done. */
export interface Outcome {
  /** What is wrong, when it could not be done. */
  error?: string;
}

let buildRest = async () => {};

async function perform(task: Task): Promise<Outcome> {
  try {
    if (task.stage === "first") buildRest = await rebuild(task.what);
    else await buildRest();
    return {};
  } catch (error) {
    return { error: (error as Error).message };
  }
}

/** Does one task after the other in a process of its own, which dev replaces when the files that build have changed. */
process.on("message", async (task: Task) => void process.send?.(await perform(task)));
