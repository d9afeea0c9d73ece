import "@astrojs/starlight";
import { type AstroIntegration, dev, type ViteUserConfig } from "astro";
import { handleControl } from "../src/mock-control.ts";
import { mockScript } from "../src/mock-script.ts";

/** Where the site is served while it is written, and what beside it. */
export interface SiteServerOptions {
  port: number;
  host: string;
  /** Where the console sends its calls. */
  mockUrl: string;
  /** Other servers, by the path that they are reached below, for example `/example`. */
  mounts: Readonly<Record<string, string>>;
}

/** Tells consoles where the mock is, and hands their control calls on to it, as the server of the built site does. */
function mockBeside(mockUrl: string): NonNullable<ViteUserConfig["plugins"]>[number] {
  return {
    name: "mock-beside",
    configureServer({ middlewares }) {
      middlewares.use((request, response, next) => {
        if (handleControl(request, response, mockUrl)) return;
        if (request.url !== "/console/mock.js") return next();
        response.writeHead(200, { "content-type": "text/javascript; charset=utf-8" }).end(mockScript(mockUrl, true));
      });
    },
  };
}

/** Serves the index of the search, which else is made of the built site. */
const servedSearch: AstroIntegration = {
  name: "served-search",
  hooks: {
    "astro:config:setup": ({ injectRoute }) =>
      injectRoute({ pattern: "/search-index.js", entrypoint: "./src/search/served-index.ts" }),
  },
};

/**
 * Serves the site by Astro's development server, which reloads changed pages. The process has to work in the folder of the docs.
 * @throws {@link Error} when it cannot serve
 */
export async function serveSite({ port, host, mockUrl, mounts }: SiteServerOptions): Promise<void> {
  const { address, stop } = await dev({
    logLevel: "error",
    server: { host, port },
    integrations: [servedSearch],
    vite: { plugins: [mockBeside(mockUrl)], server: { proxy: { ...mounts } } },
  });
  if (address.port === port) return;
  // Astro takes the next port when one is in use.
  await stop();
  throw new Error(`Port ${port} is in use.`);
}
