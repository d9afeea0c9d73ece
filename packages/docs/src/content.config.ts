import { defineCollection } from "astro:content";
import { docsSchema } from "@astrojs/starlight/schema";
import { glob } from "astro/loaders";
import { z } from "astro/zod";
import { errorSchema } from "./errors.ts";

const OF_PAGES = /^(pages|build)\//;

export const collections = {
  docs: defineCollection({
    loader: glob({
      base: ".",
      pattern: ["pages/*.mdx", "build/*.md", "build/{guides,decisions,commands}/*.md"],
      generateId: ({ entry }) => entry.replace(OF_PAGES, "").replace(/\.mdx?$/, ""),
    }),
    schema: docsSchema({
      extend: z.object({
        operations: z.array(z.string()).optional(),
        /** Words that readers look for this page by, and that it does not have in its title. */
        keywords: z.string().optional(),
      }),
    }),
  }),
  errors: defineCollection({
    loader: glob({ base: "errors", pattern: "*.md", generateId: ({ entry }) => entry.replace(/\.md$/, "") }),
    schema: errorSchema,
  }),
};
