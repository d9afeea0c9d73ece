import starlight from "@astrojs/starlight";
import { defineConfig } from "astro/config";
import { reloadOnFiles } from "./src/reload-on-files.ts";
import { editAddress, siteAddress } from "./src/site-config.ts";

export default defineConfig({
  site: siteAddress,
  publicDir: "build/files",
  // Pages are files with names, so that links work from a folder too.
  build: { format: "file" },
  vite: {
    plugins: [reloadOnFiles(new URL("./build/files/", import.meta.url))],
    // The native part of Sätteri is found from its own folder alone. What colors code is loaded once, for Markdown and for components.
    ssr: { external: ["satteri", "@expressive-code/plugin-shiki"] },
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
      // The menu is made with each page, as it has the pages that there are then.
      sidebar: [],
    }),
  ],
});
