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

/** A row of a table without alignment. */
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

/** Stop words. */
const EMPTY = new Set(
  "a an and any are be by can do does for from has have how i if in is it long many mean means much my of on or the there this to we what when where which who why with you".split(
    " ",
  ),
);

/** Pages with background, whose facts are elsewhere too. */
const isBackground = (path: string): boolean => /^(decisions\/|changelog)/.test(path);

/** A found section with the matching words in lower case. */
export interface Found extends Section {
  words: string[];
}

/** A search for sections. */
export interface SectionSearch {
  find(query: string, most: number): { sections: Found[]; total: number };
}

/** Makes the index of pages. */
export function indexSections(pages: readonly DocsPage[]): SectionSearch {
  const sections = pages.flatMap(split).map((section, id): Section => ({ id, ...section }));
  const index = new MiniSearch<Section>({
    fields: ["title", "page", "text"],
    // Code stands between marks that are no punctuation.
    tokenize: (text) => text.split(/[^\p{L}\p{N}_]+/u),
    processTerm(term) {
      const word = term.toLowerCase();
      return EMPTY.has(word) ? null : word;
    },
    searchOptions: {
      boost: { title: 4, page: 3 },
      boostDocument: (id) => (isBackground(sections[id as number]?.path ?? "") ? 0.4 : 1),
      prefix: (term) => term.length > 3,
      fuzzy: (term) => term.length > 4 && 0.15,
    },
  });
  index.addAll(sections);
  return {
    find(query, most) {
      const found = index.search(query);
      return {
        total: found.length,
        sections: found
          .slice(0, most)
          .map(({ id, terms }) => ({ ...(sections[id as number] as Section), words: terms })),
      };
    },
  };
}
