import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import { textRoot } from "../src/site-config.ts";
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

/** What leads from a page to the site's root. */
const upFrom = (page: string): string => textRoot ?? "../".repeat(page.split("/").length - 1);

/** From a page to another address of the site: to its Markdown, where the address has no ending of its own. */
function relativeLink(page: string, address: string, anchor: string): string {
  const file = address === "" ? "index.md" : /\.\w+$/.test(address) ? address : `${address}.md`;
  return `](${upFrom(page)}${file}${anchor})`;
}

/** A page's text with its links from the site's root as links to other Markdown. */
export const withRelativeLinks = (page: string, text: string): string =>
  text.replace(LINK, (_link, address, anchor = "") => relativeLink(page, address, anchor));

const NOTE = /^:::(\w+)(?:\[([^\]]*)\])?\n([\s\S]*?)^:::$/gm;

/** A box as a quotation, which every reader of Markdown knows. */
const quotation = (_note: string, kind: string, title: string | undefined, text: string): string =>
  [`**${title ?? kind[0]?.toUpperCase() + kind.slice(1)}.**`, ...text.trim().split("\n")]
    .map((line) => `> ${line}`)
    .join("\n");

/** A place that links of other pages lead to: it has no text. */
const ANCHOR = /<span id="[^"]*"><\/span>/g;

/** Tells a program that reads one page where all others are. */
export const withIndexNote = (page: string, markdown: string): string =>
  markdown.replace(/^(# .*\n)/, `$1\n> All pages are listed in [llms.txt](${upFrom(page)}llms.txt).\n`);

/**
 * A page as plain Markdown, for programs and for copying: no components, no boxes, links to other Markdown.
 * @param place the address of the file that has it
 */
export function plainMarkdown({ page, title, description, body }: PageText, place = page): string {
  const text = body
    .replace(/^<\/?sample-tabs>\n\n?/gm, "")
    .replaceAll(ANCHOR, "")
    .replace(/^(```\w+.*?) (?:tabs=\S+|no-run)/gm, "$1")
    .replace(NOTE, quotation);
  return `# ${title}\n\n${description}\n\n${withRelativeLinks(place, text).trim()}\n`;
}

/** A file of Markdown with a head, as a page of text. */
export async function fileText(page: string, file: string): Promise<PageText> {
  const [, head = "", body = ""] = (await readFile(file, "utf8")).match(/^---\n([\s\S]*?)\n---\n([\s\S]*)$/) ?? [];
  const { title, description } = parse(head);
  return { page, title, description, body };
}

/** The pages that were written to a folder below another, as pages of text. */
export async function folderTexts(name: string, parent: string): Promise<PageText[]> {
  const files = (await readdir(join(parent, name))).filter((file) => file.endsWith(".md")).sort();
  return Promise.all(files.map((file) => fileText(`${name}/${file.replace(/\.md$/, "")}`, join(parent, name, file))));
}

/** The home page as a page of text: what stands in it as Markdown, and the guides in the place of its cards. */
export async function homeText(guides: Guide[], file: string): Promise<PageText> {
  const { title, description, body } = await fileText("index", file);
  const steps = body.slice(body.indexOf("## Start in five minutes"), body.indexOf("## Who it is for"));
  const samples = steps.replace(/^<Samples operation="(\w+)" \/>$/gm, "See [the samples](/operations/$1).");
  const links = guides.map((guide) => `- [${guide.title}](/${guide.page}): ${guide.description}`);
  return { page: "index", title, description, body: [samples.trim(), "## Guides", links.join("\n")].join("\n\n") };
}

/** Writes each page as Markdown under its own address: `guides/errors.md` beside `guides/errors.html`. */
export async function writeTexts(texts: PageText[], folder: string): Promise<void> {
  for (const text of texts) {
    const file = join(folder, `${text.page}.md`);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, withIndexNote(text.page, plainMarkdown(text)));
  }
}
