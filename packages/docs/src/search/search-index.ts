import { eachField, type FieldNode, type OperationModel } from "@imcloud/openapi-tools/reference";
import { addresses } from "../addresses.ts";
import { operations } from "../operations.ts";
import type { Entry } from "./entry.ts";

/** Pages that nobody looks for. */
const LEFT_OUT = ["404.html", "search.html"];

/** Each field of a parameter or body, at its place on the first operation that has it. What is sent comes before what is read. */
function fieldEntries(): Entry[] {
  const entries = new Map<string, Entry>();
  const collect = (operation: OperationModel, part: string, fields: FieldNode[]) => {
    for (const { name, place, anchor, description, values } of eachField(fields)) {
      const text = `${description} ${values.join(" ")}`.replace(/[`*]/g, "").trim();
      const key = `${part} ${place} ${text}`;
      if (entries.has(key)) continue;
      entries.set(key, {
        kind: "field",
        title: name,
        place: `${operation.operation.summary}, ${part}${place === name ? "" : `: ${place}`}`,
        url: `${addresses.page(operation)}.html#${anchor}`,
        text,
        isSection: true,
      });
    }
  };
  for (const operation of operations) {
    for (const { in: place, fields } of operation.parameterGroups) collect(operation, `${place} parameter`, fields);
    collect(operation, "request", operation.request?.fields ?? []);
  }
  for (const operation of operations) collect(operation, "response", operation.success.fields);
  return [...entries.values()];
}

/** What can be found on each page, by its file. */
export type FoundOnPages = readonly [page: string, entries: Entry[]][];

/**
 * The script that gives pages the index: what is on the site as it is, so that whatever is on a page can be found, and each field by
 * itself.
 */
export function searchIndex(found: FoundOnPages): string {
  const pages = found.filter(([page]) => !LEFT_OUT.includes(page)).sort(([one], [other]) => (one < other ? -1 : 1));
  const entries = [...pages.flatMap(([, ofPage]) => ofPage), ...fieldEntries()];
  return `window.searchEntries = ${JSON.stringify(entries)};\n`;
}
