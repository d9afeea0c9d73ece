import { dirname } from "node:path";
import { source } from "./site.ts";

const SCRIPT = /<script[\s\S]*?<\/script>/g;
const TAG = /<([a-z][\w-]*)((?:\s[^<>]*)?)>/g;

/** What a page has that others have not: all but its frame, and without its scripts. */
export const contentOf = (page: string): string =>
  /<main[\s\S]*<\/main>/.exec(source(page))?.[0].replace(SCRIPT, "") ?? "";

/** The kinds of elements in a page's content, as `input.checkbox` and `li.task-list-item`, and the folder of its template. */
function kindsIn(page: string): Set<string> {
  const kinds = new Set([`in ${dirname(page)}`]);
  for (const [, name, attributes = ""] of contentOf(page).matchAll(TAG)) {
    const firstOf = (attribute: string) => new RegExp(`\\s${attribute}="([^" ]*)`).exec(attributes)?.[1];
    // The classes of spans are the colors of code.
    const marks = [firstOf("type"), firstOf("role"), name === "span" ? undefined : firstOf("class")];
    kinds.add([name, ...marks.filter(Boolean)].join("."));
  }
  return kinds;
}

/**
 * As few pages as have every kind of element that any page has, so that what a page has alone is looked at too.
 * @param first pages that are among them anyway
 */
export function pagesOfEveryKind(first: readonly string[], pages: readonly string[]): string[] {
  const left = new Map(pages.map((page) => [page, kindsIn(page)]));
  const chosen = [...first];
  const take = (page: string) => {
    const seen = left.get(page) ?? new Set();
    for (const [other, kinds] of left) left.set(other, kinds.difference(seen));
  };
  for (const page of first) take(page);
  for (;;) {
    const [page, kinds] = [...left].reduce((most, each) => (each[1].size > most[1].size ? each : most));
    if (!kinds.size) return chosen;
    chosen.push(page);
    take(page);
  }
}
