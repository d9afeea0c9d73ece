import { readdirSync } from "node:fs";
import starlight from "@astrojs/starlight";
import { defineConfig } from "astro/config";
import { groupGuides } from "./src/guide-groups.ts";
import { objects, operationGroups } from "./src/operations.ts";
import { reloadOnFiles } from "./src/reload-on-files.ts";
import { editAddress, siteAddress } from "./src/site-config.ts";

const guideNames = readdirSync(new URL("./guides", import.meta.url)).map((file) => file.replace(/\.md$/, ""));

/** What the pages of commands are named by: they are made before the site is. */
const commandPages = readdirSync(new URL("./build/commands", import.meta.url)).map((file) => file.replace(/\.md$/, ""));

export default defineConfig({
  site: siteAddress,
  publicDir: "build/files",
  // Pages are files with names, so that links work from a folder too.
  build: { format: "file" },
  vite: {
    plugins: [reloadOnFiles(new URL("./build/files/", import.meta.url))],
    // Its native part is found from its own folder alone.
    ssr: { external: ["satteri"] },
  },
  // There are no pictures to make smaller, so sharp is not needed.
  image: { service: { entrypoint: "astro/assets/services/noop" } },
  integrations: [
    starlight({
      title: "imcloud",
      description: "Sell cloud services through the Ingram Micro Cloud Marketplace API: guides and reference.",
      pagefind: false,
      editLink: { baseUrl: editAddress("packages/docs/") },
      disable404Route: true,
      routeMiddleware: "./src/route-data.ts",
      customCss: ["./src/styles/theme.css"],
      // What every page of the site has, whoever draws it: font, palette and header are files of their own.
      head: [
        { tag: "link", attrs: { rel: "stylesheet", href: "/site/site.css" } },
        { tag: "script", attrs: { src: "/site/header.js", defer: true } },
      ],
      // Pages lie in folders of their own.
      markdown: { processedDirs: ["./pages", "./build"] },
      components: {
        Head: "./src/components/Head.astro",
        Hero: "./src/components/home/Hero.astro",
        Header: "./src/components/Header.astro",
        Sidebar: "./src/components/Sidebar.astro",
        PageTitle: "./src/components/PageTitle.astro",
        SkipLink: "./src/components/SkipLink.astro",
        ThemeProvider: "./src/components/ThemeProvider.astro",
        MobileMenuToggle: "./src/components/Nothing.astro",
        MobileMenuFooter: "./src/components/Nothing.astro",
      },
      sidebar: [
        { label: "Home", link: "/" },
        // All are folded but the one that the page is in: the menu shows what there is before it shows all of it.
        ...groupGuides(guideNames).map(({ label, guides }) => ({
          label,
          collapsed: true,
          items: guides.map((name) => ({ slug: `guides/${name}` })),
        })),
        {
          label: "API",
          collapsed: true,
          items: [
            { label: "All operations", link: "/operations" },
            { label: "All on one page", link: "/reference.html" },
            ...operationGroups.map(({ label, operations }) => ({
              label,
              collapsed: true,
              items: operations.map(({ id, operation }) => ({
                label: operation.summary,
                link: `/operations/${id}`,
              })),
            })),
            {
              label: "Objects",
              collapsed: true,
              items: objects.map(({ name, page }) => ({ label: name, link: `/${page}` })),
            },
            { label: "Errors", link: "/errors" },
            { slug: "workflows" },
            { slug: "evidence" },
          ],
        },
        {
          label: "More",
          collapsed: true,
          items: [
            { slug: "client" },
            {
              label: "Commands",
              collapsed: true,
              items: [
                { slug: "commands", label: "All commands" },
                ...commandPages.map((name) => ({ slug: `commands/${name}`, label: name })),
              ],
            },
            { slug: "downloads" },
            { slug: "changelog" },
          ],
        },
      ],
    }),
  ],
});
