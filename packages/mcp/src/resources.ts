import { type McpServer, ResourceNotFoundError, ResourceTemplate } from "@modelcontextprotocol/server";
import { readPages } from "./docs/pages.ts";

const BASE = "imcloud://docs/";
const mimeType = "text/markdown";

/** Adds the pages of the docs as resources. */
export function registerResources(server: McpServer): void {
  const template = new ResourceTemplate(`${BASE}{+page}`, {
    async list() {
      const pages = await readPages();
      return {
        resources: pages.map(({ path, title, description }) => ({
          ...{ uri: `${BASE}${path}`, name: path, title, description, mimeType },
        })),
      };
    },
    complete: {
      page: async (value) => (await readPages()).map(({ path }) => path).filter((path) => path.startsWith(value)),
    },
  });
  const about = { title: "Docs", description: "A page of the docs of the API, as Markdown.", mimeType };
  server.registerResource("docs", template, about, async (uri, { page }) => {
    const found = (await readPages()).find(({ path }) => path === page);
    if (!found) throw new ResourceNotFoundError(uri.href);
    return { contents: [{ uri: uri.href, mimeType, text: found.markdown }] };
  });
}
