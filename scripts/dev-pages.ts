import { paths } from "./paths.ts";
import { reloadPackages } from "./reload.ts";
import { doTasks } from "./warm-process.ts";

/** A task of the process that makes the docs. */
export interface PagesTask {
  isReloaded: boolean;
  isWhole: boolean;
}

doTasks<PagesTask>(async ({ isReloaded, isWhole }) => {
  if (isReloaded) reloadPackages();
  const { remake } = await import("../packages/docs/generate/docs.ts");
  await remake(paths.spec, isWhole);
});
