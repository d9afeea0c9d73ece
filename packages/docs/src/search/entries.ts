import type { CollectionEntry } from "astro:content";
import { getCollection, render } from "astro:content";
import type { Document } from "@imcloud/openapi-tools/document";
import document from "@imcloud/spec/openapi.json" with { type: "json" };
import { addresses } from "../addresses.ts";
import { operations } from "../operations.ts";
import type { Entry } from "./entry.ts";
import { schemaFieldsOf } from "./schema-fields.ts";

type Found = Omit<Entry, "id">;

const FENCE = /^```[\s\S]*?^```$/gm;

/** Markdown as words alone. */
const wordsOf = (markdown: string) =>
  markdown
    .replace(FENCE, "")
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/[*_`|#>]|^:::.*$/gm, " ")
    .replace(/\s+/g, " ")
    .trim();

/** A page and each of its sections. */
async function ofPage(entry: CollectionEntry<"docs">): Promise<Found[]> {
  const { headings } = await render(entry);
  const [head = "", ...parts] = (entry.body ?? "").replace(FENCE, "").split(/^#{2,6} .*$/m);
  const url = entry.id === "index" ? "index.html" : `${entry.id}.html`;
  const { title, description = "" } = entry.data;
  return [
    { title, place: description, url, text: wordsOf(head) },
    ...headings.map(({ text, slug }, index) => ({
      title: text,
      place: title,
      url: `${url}#${slug}`,
      text: wordsOf(parts[index] ?? ""),
    })),
  ];
}

const ofOperations = (): Found[] =>
  operations.map((named) => ({
    title: named.operation.summary,
    place: `${named.method.toUpperCase()} ${named.path}`,
    url: `${addresses.page(named)}.html`,
    text: `${named.id} ${wordsOf(named.operation.description)}`,
  }));

const ofFields = (): Found[] =>
  schemaFieldsOf(document as unknown as Document).map(({ name, schema, description, operation }) => ({
    title: name,
    place: `${schema}, a field of: ${operation.operation.summary}`,
    url: `${addresses.page(operation)}.html`,
    text: wordsOf(description),
  }));

/** Everything on the site that can be found. */
export async function entries(): Promise<Entry[]> {
  const pages = await getCollection("docs", ({ id }) => id !== "404" && id !== "search");
  const found = [...(await Promise.all(pages.map(ofPage))).flat(), ...ofOperations(), ...ofFields()];
  return found.map((entry, id) => ({ id, ...entry }));
}
