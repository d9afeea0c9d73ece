import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { ExampleSamples } from "@imcloud/openapi-tools/samples";
import { parse } from "yaml";
import { inFourLanguages } from "./guide-pages.ts";
import type { Guide } from "./guides.ts";

/** A page of the site as Markdown. */
export interface PageText {
  /** Its address without an ending, from the site's root. */
  page: string;
  title: string;
  description: string;
  /** Markdown from below its title on, with links from the site's root: `/guides/errors`. */
  body: string;
}

const LINK = /\]\(\/(?!\/)([^)#\s]*)(#[^)\s]*)?\)/g;

/** From a page to another address of the site: to its Markdown, where the address has no ending of its own. */
function relativeLink(page: string, address: string, anchor: string): string {
  const up = "../".repeat(page.split("/").length - 1);
  const file = address === "" ? "index.md" : /\.\w+$/.test(address) ? address : `${address}.md`;
  return `](${up}${file}${anchor})`;
}

const NOTE = /^:::(\w+)(?:\[([^\]]*)\])?\n([\s\S]*?)^:::$/gm;

/** A box as a quotation, which every reader of Markdown knows. */
const quotation = (_note: string, kind: string, title: string | undefined, text: string): string =>
  [`**${title ?? kind[0]?.toUpperCase() + kind.slice(1)}.**`, ...text.trim().split("\n")]
    .map((line) => `> ${line}`)
    .join("\n");

/** A page as plain Markdown, for programs and for who copies it: no components, no boxes, links to other Markdown. */
export function plainMarkdown({ page, title, description, body }: PageText): string {
  const text = body
    .replace(/^<\/?sample-tabs>\n\n?/gm, "")
    .replace(/^(```\w+.*?) (?:tabs=\S+|no-run)/gm, "$1")
    .replace(NOTE, quotation)
    .replace(LINK, (_link, address, anchor = "") => relativeLink(page, address, anchor));
  return `# ${title}\n\n${description}\n\n${text.trim()}\n`;
}

/** The guides as pages of text. */
export const guideTexts = (guides: Guide[], samples: ReadonlyMap<string, ExampleSamples[]>): PageText[] =>
  guides.map((guide) => ({ ...guide, body: inFourLanguages(guide, samples) }));

/** A file of Markdown with a head, as a page of text. */
export async function fileText(page: string, file: string): Promise<PageText> {
  const [, head = "", body = ""] = (await readFile(file, "utf8")).match(/^---\n([\s\S]*?)\n---\n([\s\S]*)$/) ?? [];
  const { title, description } = parse(head);
  return { page, title, description, body };
}

/** Writes each page as Markdown under its own address: `guides/errors.md` beside `guides/errors.html`. */
export async function writeTexts(texts: PageText[], folder: string): Promise<void> {
  for (const text of texts) {
    const file = join(folder, `${text.page}.md`);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, plainMarkdown(text));
  }
}
