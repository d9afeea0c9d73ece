import { exec, packageFile } from "@imcloud/openapi-tools/exec";
import { paths } from "./paths.ts";

const astro = packageFile("astro", "bin/astro.mjs", paths.package);

/**
 * Builds the site to `packages/docs/dist` from its guides and from what the other steps left beside them. Astro's cache of
 * Markdown is left out, as it outlives a change of how Markdown is drawn.
 */
export const site = (): Promise<void> =>
  exec("astro build", astro, ["build", "--silent", "--force"], {
    cwd: paths.package,
    env: { ...process.env, ASTRO_TELEMETRY_DISABLED: "1", NODE_ENV: "production" },
  });
