import { type DefaultTreeAdapterTypes, parse } from "parse5";
import type { Entry, EntryKind } from "./entry.ts";

type Node = DefaultTreeAdapterTypes.Node;
type Element = DefaultTreeAdapterTypes.Element;

const attribute = (element: Element, name: string) => element.attrs.find((each) => each.name === name)?.value;

/** Elements that are no text of the page. */
const isLeftOut = (element: Element) =>
  [
    "pre",
    "script",
    "style",
    "svg",
    "nav",
    "footer",
    "form",
    "button",
    "template",
    "starlight-toc",
    "sample-tabs",
  ].includes(element.tagName) ||
  attribute(element, "role") === "tablist" ||
  attribute(element, "aria-hidden") === "true" ||
  attribute(element, "data-search") === "none" ||
  /\bsl-anchor-link\b/.test(attribute(element, "class") ?? "");

const HEADING = /^h[2-6]$/;

/** Elements that end a word without a space. */
const BLOCK = /^(?:p|li|td|th|tr|dd|dt|div|section|figure|h\d|br|summary|details|label|legend)$/;

function textOf(node: Node): string {
  if (node.nodeName === "#text") return (node as DefaultTreeAdapterTypes.TextNode).value;
  if ("tagName" in node && isLeftOut(node)) return " ";
  if (!("childNodes" in node)) return "";
  const text = node.childNodes.map(textOf).join("");
  return BLOCK.test(node.nodeName) ? `${text} ` : text;
}

const clean = (text: string) => text.replace(/\s+/g, " ").trim();

function find(node: Node, matches: (element: Element) => boolean): Element | undefined {
  if ("tagName" in node && matches(node)) return node;
  if (!("childNodes" in node)) return undefined;
  for (const child of node.childNodes) {
    const found = find(child, matches);
    if (found) return found;
  }
  return undefined;
}

const KINDS: [address: RegExp, kind: EntryKind][] = [
  [/^guides\//, "guide"],
  [/^operations\//, "operation"],
  [/^objects[/.]/, "object"],
  [/^errors\//, "error"],
];

const kindOf = (url: string): EntryKind => KINDS.find(([address]) => address.test(url))?.[1] ?? "page";

/** The name of a page's file: an operation's id. */
const nameOf = (url: string) => url.replace(/^.*\/|\.html$/g, "");

/** The most characters of an entry: longer texts do not help a search, and enlarge the index. */
const MAX_TEXT = 900;

/**
 * What can be found on a built page: the page, each section with an anchor, and each element that says so itself. Such an element has an
 * `id` and `data-search="field"` (or another kind), and may have its name in `data-search-title` and its place in
 * `data-search-place`.
 */
export function entriesOf(url: string, html: string): Entry[] {
  const tree = parse(html);
  const main = find(tree, ({ tagName }) => tagName === "main");
  if (!main) return [];
  const heading = find(main, ({ tagName }) => tagName === "h1");
  const title = clean(heading ? textOf(heading) : "");
  const meta = (name: string) => {
    const element = find(tree, (each) => each.tagName === "meta" && attribute(each, "name") === name);
    return clean((element && attribute(element, "content")) ?? "");
  };
  const endpoint = find(main, (element) => /\bendpoint\b/.test(attribute(element, "class") ?? ""));
  const about = meta("description");
  const keywords = meta("keywords");
  const kind = kindOf(url);
  const page: Entry = { kind, title, place: endpoint ? clean(textOf(endpoint)) : about, url, text: "" };
  if (kind === "operation") {
    // What a list can be asked by says what it is a list of.
    const filters = [...html.matchAll(/ id="query-(\w+)"/g)].map(([, name]) => name);
    page.text = `${about} ${nameOf(url)} ${filters.join(" ")} `;
  }
  if (keywords) page.keywords = keywords;
  const told = find(main, (element) => attribute(element, "data-message") !== undefined);
  const message = told && attribute(told, "data-message");
  if (message) {
    page.message = message;
    page.text = `${message} `;
  }
  const entries: Entry[] = [page];
  let current = page;
  const walk = (node: Node): void => {
    if (node.nodeName === "#text") {
      current.text += (node as DefaultTreeAdapterTypes.TextNode).value;
      return;
    }
    if (!("childNodes" in node)) return;
    if ("tagName" in node) {
      if (node === heading || node === endpoint || isLeftOut(node)) return;
      const id = attribute(node, "id");
      const own = attribute(node, "data-search") as EntryKind | undefined;
      if (own && id) {
        const name = clean(attribute(node, "data-search-title") ?? textOf(node));
        entries.push({
          kind: own,
          title: name,
          place: clean(attribute(node, "data-search-place") ?? title),
          url: `${url}#${id}`,
          text: clean(textOf(node)).slice(0, MAX_TEXT),
          isSection: true,
        });
        // What stands in it may be found too, but its text is told.
        for (const child of node.childNodes)
          if ("tagName" in child && find(child, (each) => attribute(each, "data-search") !== undefined)) walk(child);
        return;
      }
      if (HEADING.test(node.tagName)) {
        // An operation's sections are alike on every page: it is found as a whole, and its fields by themselves.
        if (id && kind !== "operation") {
          current = { kind, title: clean(textOf(node)), place: title, url: `${url}#${id}`, text: "", isSection: true };
          entries.push(current);
        } else current.text += ` ${textOf(node)} `;
        return;
      }
    }
    for (const child of node.childNodes) walk(child);
    if (BLOCK.test(node.nodeName)) current.text += " ";
  };
  walk(main);
  for (const entry of entries) entry.text = clean(entry.text).slice(0, MAX_TEXT);
  return entries;
}
