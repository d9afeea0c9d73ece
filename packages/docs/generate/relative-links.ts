import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join, posix } from "node:path";
import { build } from "esbuild";
import { type DefaultTreeAdapterTypes, defaultTreeAdapter, html, parse, serialize } from "parse5";
import { policyOf } from "../src/policy.ts";

type Node = DefaultTreeAdapterTypes.Node;
type Element = DefaultTreeAdapterTypes.Element;

/** The file of a site that an address from its root names. */
function fileOf(folder: string, address: string): string {
  const candidates = [address, `${address}.html`];
  const found = candidates.find((file) => /\.\w+$/.test(file) && existsSync(join(folder, file)));
  if (!found) throw new Error(`A page links to /${address}, which is not on the site.`);
  return found;
}

/**
 * An address from the site's root as one from a page. What leads elsewhere stays. Whatever path is missing, 404.html is
 * shown under it, so that page alone names things from the root.
 */
function portableAddress(folder: string, page: string, address: string): string {
  const [, path, rest = ""] = address.match(/^\/(?!\/)([^?#]*)(.*)$/) ?? [];
  if (path === undefined) return address;
  const target = path === "" ? "index.html" : fileOf(folder, decodeURI(path));
  return (page === "404.html" ? `/${target}` : posix.relative(posix.dirname(page), target)) + rest;
}

function* elementsOf(node: Node): Iterable<Element> {
  if ("tagName" in node) yield node;
  if ("childNodes" in node) for (const child of node.childNodes) yield* elementsOf(child);
}

const attribute = (element: Element, name: string) => element.attrs.find((attribute) => attribute.name === name)?.value;

const hasClass = (element: Element, name: string) => (attribute(element, "class") ?? "").split(" ").includes(name);

const isModuleFile = (element: Element) =>
  element.tagName === "script" && attribute(element, "type") === "module" && attribute(element, "src") !== undefined;

/** The text of a script that stands in the page; `undefined` for all else, and for data that no browser runs. */
function inlineScriptOf(element: Element): string | undefined {
  const isCode = /^(module|text\/javascript)?$/.test(attribute(element, "type") ?? "");
  if (element.tagName !== "script" || !isCode || attribute(element, "src") !== undefined) return undefined;
  return element.childNodes.map((node) => ("value" in node ? node.value : "")).join("");
}

/**
 * What a page calls that has a console: a mock on this machine, or the reader's own base URL. That can be any host, and a policy cannot be
 * narrowed to what is chosen later. No script runs there but the site's own, and those send to the base URL that the reader chose and typed.
 */
const CALLED = ["https:", "http://127.0.0.1:*", "http://localhost:*"];

const hasConsole = (element: Element) => attribute(element, "data-mock") !== undefined;

/** Puts a policy for what the page may load in front of all that is loaded: behind the encoding, which has to come early. */
function addPolicy(elements: readonly Element[]): void {
  const encoding = elements.find((element) => element.tagName === "meta" && attribute(element, "charset"));
  const head = encoding?.parentNode;
  if (!head) throw new Error("A page does not say its encoding, behind which its policy would stand.");
  const inlineScripts = elements.map(inlineScriptOf).filter((script) => script !== undefined);
  const connections = elements.some(hasConsole) ? CALLED : [];
  const attrs = { "http-equiv": "Content-Security-Policy", content: policyOf({ inlineScripts, connections }) };
  const meta = defaultTreeAdapter.createElement(
    "meta",
    html.NS.HTML,
    Object.entries(attrs).map(([name, value]) => ({ name, value })),
  );
  head.childNodes.splice(head.childNodes.indexOf(encoding) + 1, 0, meta);
  meta.parentNode = head;
}

/** The text of an element and of all in it. */
const textOf = (node: Node): string =>
  "value" in node ? node.value : "childNodes" in node ? node.childNodes.map(textOf).join("") : "";

const inside = (element: Element, tagName: string): Element[] =>
  [...elementsOf(element)].filter((each) => each.tagName === tagName);

/**
 * Prepares the tables of a page for a narrow screen: one that has three columns, or names in its first, is read row by row there, and each
 * cell but the first says which column it is of, where there are several.
 */
function labelTables(elements: readonly Element[]): void {
  for (const table of elements.filter(({ tagName }) => tagName === "table")) {
    const labels = inside(table, "th").map((header) => textOf(header).trim());
    const rows = inside(table, "tr").map((row) => inside(row, "td"));
    const hasNames = rows.some(([first]) => first && inside(first, "code").length > 0);
    if (labels.length < 3 && !hasNames) continue;
    if (labels.length < 3) table.attrs.push({ name: "data-names", value: "" });
    table.attrs.push({ name: "data-rows", value: "stacked" });
    for (const cells of labels.length < 3 ? [] : rows) {
      for (const [index, cell] of cells.entries()) {
        const label = labels[index];
        if (index > 0 && label && textOf(cell).trim()) cell.attrs.push({ name: "data-label", value: label });
      }
    }
  }
}

/** Makes each task of a list one that can be ticked by its text, which a screen reader names it by. Markdown's own can only be looked at. */
function labelTasks(elements: readonly Element[]): void {
  for (const task of elements.filter((element) => hasClass(element, "task-list-item"))) {
    for (const box of inside(task, "input")) box.attrs = box.attrs.filter(({ name }) => name !== "disabled");
    const label = defaultTreeAdapter.createElement("label", html.NS.HTML, []);
    label.childNodes = task.childNodes;
    for (const node of label.childNodes) node.parentNode = label;
    task.childNodes = [label];
    label.parentNode = task;
  }
}

/** The most characters of a name that a telephone shows in one line. */
const SHORT = 28;

/** What begins with a hyphen in a shell, at which a line would break. */
const FLAG = /(?<![\w-])(--?[a-z][\w-]*)/i;

const isText = (node: Node): node is DefaultTreeAdapterTypes.TextNode => node.nodeName === "#text";

/** The text with each flag of it in an element. */
function withFlags(text: string): DefaultTreeAdapterTypes.ChildNode[] {
  return text.split(FLAG).map((piece, index) => {
    const node = { nodeName: "#text" as const, value: piece, parentNode: null };
    if (index % 2 === 0) return node;
    const flag = defaultTreeAdapter.createElement("span", html.NS.HTML, [{ name: "class", value: "flag" }]);
    flag.childNodes.push({ ...node, parentNode: flag });
    return flag;
  });
}

/** Keeps in one line what would break at its hyphens: short names in a text, and the flags of commands. */
function keepWhole(elements: readonly Element[]): void {
  const inBlocks = new Set(
    elements.filter(({ tagName }) => tagName === "pre").flatMap((block) => inside(block, "code")),
  );
  for (const code of elements.filter(({ tagName }) => tagName === "code")) {
    const text = textOf(code);
    // A line breaks at these alone.
    if (!inBlocks.has(code) && text.length <= SHORT && /[-\s/?]/.test(text))
      code.attrs.push({ name: "data-whole", value: "" });
  }
  for (const block of inBlocks) {
    for (const element of [...elementsOf(block)]) {
      if (!element.childNodes.some((node) => isText(node) && FLAG.test(node.value))) continue;
      element.childNodes = element.childNodes.flatMap((node) => (isText(node) ? withFlags(node.value) : [node]));
      for (const node of element.childNodes) node.parentNode = element;
    }
  }
}

/** Puts an element behind another one that has the same parent. */
function moveBehind(moved: Element | undefined, other: Element | undefined): void {
  const parent = moved?.parentNode;
  if (!moved || !other || !parent || other.parentNode !== parent) return;
  parent.childNodes = parent.childNodes.filter((node) => node !== moved);
  parent.childNodes.splice(parent.childNodes.indexOf(other) + 1, 0, moved);
}

/** Lets a page begin with what it is about: who reads it by ear, by the keyboard or as a program gets the menus after it. */
function contentFirst(elements: readonly Element[]): void {
  const find = (name: string) => elements.find((element) => hasClass(element, name));
  moveBehind(find("sidebar"), find("main-frame"));
  moveBehind(find("right-sidebar-container"), find("main-pane"));
}

/** Attributes that hold an address. */
const ADDRESSES = ["href", "src", "action", "data-sandbox", "data-mock", "data-markdown"];

/** Makes one plain script of the modules that a page loads, and gives its address. The same modules are the same script, whoever makes it. */
function scriptMaker(folder: string) {
  const made = new Map<string, Promise<string>>();
  return (modules: string[]): Promise<string> => {
    const contents = modules.map((module) => `import ${JSON.stringify(`.${module}`)};`).join("\n");
    const known = made.get(contents);
    if (known) return known;
    const digest = createHash("sha256").update(contents).digest("hex").slice(0, 8);
    const address = `/_astro/page-${digest}.js`;
    const making = build({
      stdin: { contents, resolveDir: folder },
      outfile: join(folder, address),
      bundle: true,
      format: "iife",
      minify: true,
    }).then(() => address);
    made.set(contents, making);
    return making;
  };
}

/**
 * Makes pages of a built site work from any place: a folder, a part of some server, its root. Links and files are named from
 * where the page is, and scripts are plain ones, as browsers load no modules from a folder.
 */
export async function makePortable(folder: string, pages: readonly string[]): Promise<void> {
  const scriptOf = scriptMaker(folder);
  for (const page of pages) {
    const tree = parse(await readFile(join(folder, page), "utf8"));
    const elements = [...elementsOf(tree)];
    const [first, ...others] = elements.filter(isModuleFile);
    if (first) {
      const address = await scriptOf([first, ...others].map((script) => String(attribute(script, "src"))));
      first.attrs = Object.entries({ src: address, defer: "" }).map(([name, value]) => ({ name, value }));
      for (const { parentNode } of others) {
        if (parentNode)
          parentNode.childNodes = parentNode.childNodes.filter((node) => !others.includes(node as Element));
      }
    }
    for (const held of elements.flatMap(({ attrs }) => attrs)) {
      if (ADDRESSES.includes(held.name)) held.value = portableAddress(folder, page, held.value);
    }
    // Where no script chooses a theme, a page is as light as paper.
    const theme = elements.find(({ tagName }) => tagName === "html")?.attrs.find(({ name }) => name === "data-theme");
    if (theme) theme.value = "light";
    labelTables(elements);
    labelTasks(elements);
    keepWhole(elements);
    contentFirst(elements);
    addPolicy(elements);
    await writeFile(join(folder, page), serialize(tree));
  }
}
