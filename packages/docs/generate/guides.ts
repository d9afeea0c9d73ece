import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";

/** A guide: Markdown with a head in YAML. */
export interface Guide {
  /** Its address on the site, without a leading slash and an ending. */
  page: string;
  title: string;
  description: string;
  /** Operations that it uses, by their ids. */
  operations: string[];
  /** The Markdown below the head. */
  body: string;
}

const HEAD = /^---\n([\s\S]*?)\n---\n/;

/**
 * The guides of a folder, in the order of their `sidebar.order`.
 * @throws Error when a guide has no head
 */
export async function readGuides(folder: string): Promise<Guide[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith(".md"));
  const guides = await Promise.all(
    files.map(async (file) => {
      const text = await readFile(join(folder, file), "utf8");
      const head = text.match(HEAD);
      if (!head) throw new Error(`${join(folder, file)} must begin with a head between two lines of ---.`);
      const { title, description, operations = [], sidebar } = parse(String(head[1]));
      const page = `guides/${file.replace(/\.md$/, "")}`;
      return { page, title, description, operations, order: sidebar?.order, body: text.slice(head[0].length).trim() };
    }),
  );
  return guides.sort((one, other) => one.order - other.order);
}
