import MiniSearch from "minisearch";
import type { DocsPage } from "./pages.ts";

/** A part of a page, from one heading to the next. */
export interface Section {
  id: number;
  path: string;
  page: string;
  title: string;
  text: string;
}

/** A row of a table without what only lines up its columns. */
const withoutPadding = (row: string): string => row.replace(/ {2,}/g, " ").replace(/-{4,}/g, "---");

/** The parts of a page by its headings; a `#` inside a block of code is none. */
function split({ path, title, markdown }: DocsPage): Omit<Section, "id">[] {
  const sections: Omit<Section, "id">[] = [{ path, page: title, title, text: "" }];
  let isCode = false;
  for (const line of markdown.split("\n")) {
    if (line.startsWith("```")) isCode = !isCode;
    const heading = isCode ? undefined : /^#{2,3} (.+)$/.exec(line)?.[1];
    if (heading) sections.push({ path, page: title, title: heading, text: "" });
    else if (isCode || !/^# |^> All pages/.test(line)) {
      const last = sections.at(-1);
      if (last) last.text += `${line.startsWith("|") ? withoutPadding(line) : line}\n`;
    }
  }
  return sections.map((section) => ({ ...section, text: section.text.trim() })).filter(({ text }) => text);
}

/** Finds parts of pages by words. */
export interface SectionSearch {
  find(query: string, most: number): { sections: Section[]; total: number };
}

/** Makes the index of pages. */
export function indexSections(pages: readonly DocsPage[]): SectionSearch {
  const sections = pages.flatMap(split).map((section, id): Section => ({ id, ...section }));
  const index = new MiniSearch<Section>({
    fields: ["title", "page", "text"],
    searchOptions: { boost: { title: 4, page: 3 }, prefix: (term) => term.length > 3, fuzzy: 0.15, combineWith: "OR" },
  });
  index.addAll(sections);
  return {
    find(query, most) {
      const found = index.search(query);
      return {
        total: found.length,
        sections: found.slice(0, most).map(({ id }) => sections[id as number] as Section),
      };
    },
  };
}
