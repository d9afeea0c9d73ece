import { z } from "zod";
import { excerpt } from "../docs/excerpt.ts";
import { readPages } from "../docs/pages.ts";
import { indexSections, type SectionSearch } from "../docs/sections.ts";
import { ToolError } from "../results/failure.ts";
import { startOf } from "../results/text.ts";
import { READS, tool, wholeNumber } from "./tool.ts";

/** Characters of a section that a search shows, and of a page that is read at once. */
const EXCERPT = 1_200;
const PART = 8_000;

const annotations = { ...READS, openWorldHint: false };

let search: SectionSearch | undefined;

/** The index, which is made when somebody first asks. */
async function openIndex(): Promise<SectionSearch> {
  search ??= indexSections(await readPages());
  return search;
}

/** Finds what the docs say. */
export const searchDocs = tool({
  name: "search_docs",
  title: "Search the docs",
  description:
    "Searches the docs of the API: guides, operations, fields, errors, limits. Use it for how the marketplace works, what an error means, or what a field holds.",
  input: z.strictObject({ query: z.string().min(2).max(200), limit: wholeNumber(1, 10).default(4) }),
  data: "Sections: page, title, text. Read a page whole by read_docs_page",
  annotations,
  async run({ query, limit }) {
    const { sections, total } = (await openIndex()).find(query, limit);
    const weaker = total - sections.length;
    return {
      isOurs: true,
      data: sections.map(({ path, page, title, text, words }) => ({
        page: path,
        title: title === page ? page : `${page}: ${title}`,
        text: excerpt(text, words, EXCERPT),
      })),
      leftOut: weaker > 0 ? [`${weaker} weaker matches`] : [],
    };
  },
});

/** Reads a page of the docs. */
export const readDocsPage = tool({
  name: "read_docs_page",
  title: "Read a page of the docs",
  description: "Reads a page of the docs as Markdown, such as guides/seats.md, by the page that search_docs names.",
  input: z.strictObject({ page: z.string().max(200), offset: wholeNumber(0, 1_000_000).default(0) }),
  data: "page, title, markdown",
  annotations,
  async run({ page, offset }) {
    const found = (await readPages()).find(({ path }) => path === page);
    if (!found) throw new ToolError("There is no such page. search_docs names them.");
    const { path, title, markdown } = found;
    const part = startOf(markdown.slice(offset), PART);
    return {
      isOurs: true,
      data: { page: path, title, markdown: part },
      part: { total: markdown.length, offset, returned: part.length, unit: "characters" },
    };
  },
});
