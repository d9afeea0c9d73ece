import { defineCollection } from "astro:content";
import { docsSchema } from "@astrojs/starlight/schema";
import { glob } from "astro/loaders";
import { z } from "astro/zod";

const OF_PAGES = /^(pages|build)\//;

export const collections = {
  docs: defineCollection({
    loader: glob({
      base: ".",
      pattern: ["guides/*.md", "pages/*.mdx", "build/*.md"],
      generateId: ({ entry }) => entry.replace(OF_PAGES, "").replace(/\.mdx?$/, ""),
    }),
    schema: docsSchema({ extend: z.object({ operations: z.array(z.string()).optional() }) }),
  }),
  operations: defineCollection({
    loader: glob({
      base: "build/operations",
      pattern: "*.md",
      generateId: ({ entry }) => entry.replace(/\.md$/, ""),
    }),
    schema: z.object({
      title: z.string(),
      description: z.string(),
      method: z.string(),
      path: z.string(),
      deprecated: z.boolean(),
      samples: z.array(z.object({ lang: z.string(), label: z.string(), source: z.string() })),
      guides: z.array(z.object({ page: z.string(), title: z.string() })),
      reference: z.string(),
      console: z.string(),
    }),
  }),
};
