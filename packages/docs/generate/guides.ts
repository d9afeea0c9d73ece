import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { groupGuides } from "../src/guide-groups.ts";

/** A guide: Markdown with a head in YAML. */
export interface Guide {
  /** Its address on the site, without a leading slash and an ending. */
  page: string;
  /** What it stands under in the menu. */
  group: string;
  title: string;
  description: string;
  /** Operations that it uses, by their ids. */
  operations: string[];
  /** Its head as it stands in the file. */
  head: string;
  /** The Markdown below the head. */
  body: string;
}

const HEAD = /^---\n([\s\S]*?)\n---\n/;

/**
 * The guides of a folder, in the order of their groups.
 * @throws Error when a guide has no head
 */
export async function readGuides(folder: string): Promise<Guide[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith(".md"));
  const groups = groupGuides(files.map((file) => file.replace(/\.md$/, "")));
  const order = groups.flatMap(({ guides }) => guides);
  const guides = await Promise.all(
    files.map(async (file) => {
      const text = await readFile(join(folder, file), "utf8");
      const head = text.match(HEAD);
      if (!head) throw new Error(`${join(folder, file)} must begin with a head between two lines of ---.`);
      const { title, description, operations = [] } = parse(String(head[1]));
      const name = file.replace(/\.md$/, "");
      const body = text.slice(head[0].length).trim();
      const group = groups.find(({ guides }) => guides.includes(name))?.label ?? "";
      const place = order.indexOf(name);
      return { page: `guides/${name}`, group, title, description, operations, place, head: head[0], body };
    }),
  );
  return guides.sort((one, other) => one.place - other.place);
}
