import type { CollectionEntry } from "astro:content";
import { getCollection, render } from "astro:content";
import { eachField, type OperationModel } from "@imcloud/openapi-tools/reference";
import { addresses } from "../addresses.ts";
import { operations } from "../operations.ts";
import type { Entry } from "./entry.ts";

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

/** Each field of a body or parameter, at its place on the first operation that has it. */
function ofFields(): Found[] {
  const found = new Map<string, Found>();
  const collect = (operation: OperationModel, part: string, fields: OperationModel["success"]["fields"]) => {
    for (const { place, anchor, description, values } of eachField(fields)) {
      const text = wordsOf(`${description} ${values.join(" ")}`);
      const key = `${part} ${place} ${text}`;
      if (found.has(key)) continue;
      found.set(key, {
        title: place,
        place: `${operation.operation.summary}: ${part}`,
        url: `${addresses.page(operation)}.html#${anchor}`,
        text,
      });
    }
  };
  for (const operation of operations) {
    for (const { in: place, fields } of operation.parameterGroups) collect(operation, `${place} parameter`, fields);
    collect(operation, "request", operation.request?.fields ?? []);
  }
  for (const operation of operations) collect(operation, "response", operation.success.fields);
  return [...found.values()];
}

/** Everything on the site that can be found. */
export async function entries(): Promise<Entry[]> {
  const pages = await getCollection("docs", ({ id }) => id !== "404" && id !== "search");
  const found = [...(await Promise.all(pages.map(ofPage))).flat(), ...ofOperations(), ...ofFields()];
  return found.map((entry, id) => ({ id, ...entry }));
}
