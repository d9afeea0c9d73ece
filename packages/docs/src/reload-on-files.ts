import { fileURLToPath } from "node:url";
import type { ViteUserConfig } from "astro";

/** Milliseconds to wait for further changes. */
const DEBOUNCE = 50;

/**
 * Reloads the development server's pages when a static style or script changes, which Vite's module graph does not know.
 * @param folder the folder of the static files
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
        timer = setTimeout(() => ws.send({ type: "full-reload" }), DEBOUNCE);
      });
    },
  };
}
