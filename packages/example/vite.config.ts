import { defineConfig } from "vite";

export default defineConfig({
  // It runs below any path: beside the docs it is at /example/.
  base: "./",
  build: {
    target: "es2022",
    // The sandbox is a whole mock, in a file of its own that comes after the page is there.
    chunkSizeWarningLimit: 1_000,
    modulePreload: { polyfill: false },
  },
});
