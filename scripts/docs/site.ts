import { paths } from "../paths.ts";
import { packageFile, runTool } from "../tool.ts";

const astro = packageFile("astro", "bin/astro.mjs", paths.docsPackage);

/**
 * Builds the site to `packages/docs/dist` from its guides and from what the other steps left beside them. Astro's cache of
 * Markdown is left out, as it outlives a change of how Markdown is drawn.
 */
export const site = (): Promise<void> =>
  runTool("astro build", astro, ["build", "--silent", "--force"], {
    cwd: paths.docsPackage,
    env: { ...process.env, ASTRO_TELEMETRY_DISABLED: "1", NODE_ENV: "production" },
  });
