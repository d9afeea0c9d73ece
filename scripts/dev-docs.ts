import type { SiteServerOptions } from "../packages/docs/generate/serve-site.ts";
import { paths } from "./paths.ts";
import { doTasks } from "./warm-process.ts";

/** A task of the docs' process: to serve them. It is given once. */
export type DocsTask = SiteServerOptions;

process.chdir(paths.docsPackage);
process.env.ASTRO_TELEMETRY_DISABLED = "1";
process.env.ASTRO_DISABLE_UPDATE_CHECK = "true";

doTasks<DocsTask>(async (options) => {
  const { serveSite } = await import("../packages/docs/generate/serve-site.ts");
  await serveSite(options);
});
