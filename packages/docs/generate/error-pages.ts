import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type ErrorHead, errorSchema, repeats } from "../src/errors.ts";
import { bodyOf, errorExample } from "../src/reference/error-example.ts";
import { readHead } from "./guides.ts";
import type { OperationPage } from "./operation-pages.ts";
import { withIndexNote, withRelativeLinks } from "./page-markdown.ts";

/** An error's page: of a status, or of a message that is known of it. */
export interface ErrorPage extends ErrorHead {
  /** The end of its address: `429`, `rate-limited`. */
  id: string;
  /** The Markdown below the head. */
  body: string;
}

/**
 * The pages of errors, statuses before messages.
 * @throws {@link Error} when one has no head, or one that says something wrong
 */
export async function readErrors(folder: string): Promise<ErrorPage[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith(".md")).sort();
  return Promise.all(
    files.map(async (file) => {
      const { head, body } = readHead(file, await readFile(join(folder, file), "utf8"));
      return { id: file.replace(/\.md$/, ""), ...errorSchema.parse(head), body };
    }),
  );
}

/**
 * An error as Markdown, from its title on.
 * @param place the address of the file that has it
 */
export function errorMarkdown(
  page: ErrorPage,
  operations: OperationPage[],
  place: string = `errors/${page.id}`,
): string {
  const { title, status, repeat, example, body } = page;
  const shown = example === undefined ? undefined : errorExample(operations, status, example);
  return [
    `# ${title}`,
    `Status ${status}. Safe to repeat? ${repeats[repeat]}`,
    ...(page.class.length ? [`In the client: ${page.class.map((name) => `\`${name}\``).join(", ")}.`] : []),
    ...(shown ? [`\`\`\`${shown.mediaType.includes("json") ? "json" : "html"}\n${bodyOf(shown)}\n\`\`\``] : []),
    withRelativeLinks(place, body),
  ].join("\n\n");
}

/** The other messages that are known of an error's status, as the page for people lists them. */
function otherMessages({ id, status, example }: ErrorPage, pages: ErrorPage[]): string[] {
  const others = pages.filter((page) => page.status === status && page.example !== undefined && page.id !== id);
  if (!others.length) return [];
  const links = others.map((page) => `- [${page.title}](/errors/${page.id})`).join("\n");
  return [
    `## ${example === undefined ? "Known messages" : `Other messages of ${status}`}`,
    withRelativeLinks(`errors/${id}`, links),
  ];
}

/** Writes the pages of errors as Markdown, each under the page's own address. */
export async function writeErrorTexts(pages: ErrorPage[], operations: OperationPage[], folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await Promise.all(
    pages.map((page) => {
      const text = [errorMarkdown(page, operations).trim(), ...otherMessages(page, pages)].join("\n\n");
      return writeFile(join(folder, `${page.id}.md`), `${withIndexNote(`errors/${page.id}`, text)}\n`);
    }),
  );
}
