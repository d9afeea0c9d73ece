import { defineConfig, type Plugin } from "vite";

/** The development server hands styles to the page by a script, which the built page's policy forbids. */
const stylesByScript: Plugin = {
  name: "styles-by-script",
  apply: "serve",
  transformIndexHtml: (html) => html.replace("style-src 'self'", "$& 'unsafe-inline'"),
};

export default defineConfig({
  // It runs below any path: beside the docs it is at /example/.
  base: "./",
  plugins: [stylesByScript],
  build: {
    target: "es2022",
    // The sandbox is a whole mock, in a file of its own that comes after the page is there.
    chunkSizeWarningLimit: 1_000,
    modulePreload: { polyfill: false },
  },
});
