import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { paths } from "./paths.ts";

/** Builds the site to `packages/docs/dist` from its guides and from what the other steps left beside them. */
export interface SiteBuilder extends Disposable {
  /** @throws {@link Error} with everything that Astro printed, when it fails */
  build(): Promise<void>;
}

/** Starts the process that builds the site. It loads Astro, which takes a second, while the pages are written. */
export function startSiteBuilder(): SiteBuilder {
  const child = fork(fileURLToPath(new URL("build-site.ts", import.meta.url)), {
    cwd: paths.package,
    env: { ...process.env, ASTRO_TELEMETRY_DISABLED: "1", NODE_ENV: "production" },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (piece) => (output += piece));
  const ended = once(child, "close");
  return {
    async build() {
      // When it has ended before, its output says why.
      child.send("build", () => {});
      const [code] = await ended;
      if (code !== 0) throw new Error(`Astro could not build the docs.\n${output}`.trim());
    },
    [Symbol.dispose]: () => void child.kill(),
  };
}
