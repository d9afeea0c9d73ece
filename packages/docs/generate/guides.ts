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

/** What a head can say. */
interface Head {
  title: string;
  description: string;
  operations?: string[];
}

/** What a guide's head can say: the search reads its keywords. Its place in the menu is that of its group. */
const KEYS = ["title", "description", "keywords", "operations"];

const HEAD = /^---\n([\s\S]*?)\n---\n/;

/**
 * The head of a page of Markdown, as it starts the file and as it reads, and what is below it.
 * @throws {@link Error} when it has no head
 */
export function readHead(name: string, text: string): { start: string; head: Head; body: string } {
  const head = text.match(HEAD);
  if (!head) throw new Error(`${name} must begin with a head between two lines of ---.`);
  return { start: head[0], head: parse(String(head[1])), body: text.slice(head[0].length).trim() };
}

/**
 * The guides of a folder, in the order of their groups.
 * @throws {@link Error} when a guide has no head, or one that says what nothing reads
 */
export async function readGuides(folder: string): Promise<Guide[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith(".md"));
  const groups = groupGuides(files.map((file) => file.replace(/\.md$/, "")));
  const order = groups.flatMap(({ guides }) => guides);
  const guides = await Promise.all(
    files.map(async (file) => {
      const { start, head, body } = readHead(join(folder, file), await readFile(join(folder, file), "utf8"));
      const unread = Object.keys(head).find((key) => !KEYS.includes(key));
      if (unread)
        throw new Error(`The head of ${file} has ${unread}, which nothing reads; it takes ${KEYS.join(", ")}.`);
      const { title, description, operations = [] } = head;
      const name = file.replace(/\.md$/, "");
      const group = groups.find(({ guides }) => guides.includes(name))?.label ?? "";
      const place = order.indexOf(name);
      return { page: `guides/${name}`, group, title, description, operations, place, head: start, body };
    }),
  );
  return guides.sort((one, other) => one.place - other.place);
}
