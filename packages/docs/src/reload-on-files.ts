import { fileURLToPath } from "node:url";
import type { ViteUserConfig } from "astro";

/** Milliseconds in which files that are written count as one change. */
const TOGETHER = 50;

/**
 * Has the development server's pages loaded again when styles or scripts change that are served as they are: Vite knows of none who uses them.
 * @param folder of those files
 */
export function reloadOnFiles(folder: URL): NonNullable<ViteUserConfig["plugins"]>[number] {
  const path = fileURLToPath(folder);
  return {
    name: "reload-on-files",
    apply: "serve",
    configureServer({ watcher, ws }) {
      let timer: NodeJS.Timeout | undefined;
      watcher.on("all", (_event, file) => {
        if (!file.startsWith(path) || !/\.(css|js|svg)$/.test(file)) return;
        clearTimeout(timer);
        timer = setTimeout(() => ws.send({ type: "full-reload" }), TOGETHER);
      });
    },
  };
}
