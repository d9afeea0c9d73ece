import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";

const TITLE = /^# (\d+)\. (.*)\n/;

/** A decision, or another file beside it, as a link of a decision names it. */
const LINK = /\]\((\d{4}-[\w-]+)\.md/g;

const isDecision = (file: string) => /^\d{4}-.*\.md$/.test(file);

/** The pages of the decisions by their numbers, from the site's root: `0008` is `decisions/0008-…`. */
export async function decisionPages(source: string): Promise<Map<string, string>> {
  const files = (await readdir(source)).filter(isDecision);
  return new Map(files.map((file) => [file.slice(0, 4), `decisions/${file.replace(/\.md$/, "")}`]));
}

/**
 * Writes the decisions as pages of the site, so that what is not the vendor's word leads to why it stands there.
 * @throws {@link Error} when one does not begin with its number and title
 */
export async function decisions(source: string, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const files = (await readdir(source)).filter(isDecision);
  await Promise.all(
    files.map(async (file) => {
      const text = await readFile(join(source, file), "utf8");
      const [head, number, title] = text.match(TITLE) ?? [];
      if (head === undefined) throw new Error(`${file} must begin with "# <number>. <title>".`);
      const description = `Decision ${number}: what this project documents where the sources leave a choice, and why.`;
      const body = text.slice(head.length).replace(LINK, "](/decisions/$1");
      await writeFile(join(folder, file), `---\n${stringify({ title, description })}---\n\n${body}`);
    }),
  );
}
