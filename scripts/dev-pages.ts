import { paths } from "./paths.ts";
import { reloadPackages } from "./reload.ts";
import { doTasks } from "./warm-process.ts";

/** What is asked for: to make the pages of the docs, of the packages as they are now or as they were the last time, or all that is made for the docs. */
export interface PagesTask {
  isReloaded: boolean;
  isWhole: boolean;
}

doTasks<PagesTask>(async ({ isReloaded, isWhole }) => {
  if (isReloaded) reloadPackages();
  const { remake } = await import("../packages/docs/generate/docs.ts");
  await remake(paths.spec, isWhole);
});
