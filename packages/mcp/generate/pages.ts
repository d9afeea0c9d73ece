import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { DocsPage } from "../src/docs/pages.ts";

const describe = (markdown: string): string | undefined =>
  markdown
    .split(/\n{2,}/)
    .map((block) => block.replace(/\s+/g, " ").trim())
    .find((block) => /^[\p{L}`*[]/u.test(block));

/**
 * Collects the Markdown of the built docs into one file, which the package ships.
 * @param docs the folder with the built docs
 * @throws {@link Error} when a page has no title
 */
export async function pages(docs: string, output: string): Promise<void> {
  const files = (await readdir(docs, { recursive: true }))
    .map((file) => file.replaceAll("\\", "/"))
    .filter((file) => file.endsWith(".md"))
    .sort();
  const collected = await Promise.all(
    files.map(async (path): Promise<DocsPage> => {
      const markdown = await readFile(join(docs, path), "utf8");
      const title = /^# (.+)$/m.exec(markdown)?.[1];
      if (!title) throw new Error(`${path} has no title.`);
      return { path, title, description: describe(markdown) ?? title, markdown };
    }),
  );
  await mkdir(dirname(output), { recursive: true });
  await writeFile(output, `${JSON.stringify(collected, null, 1)}\n`);
}
