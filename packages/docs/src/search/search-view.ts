import type { Found, Search } from "./engine.ts";
import type { EntryKind } from "./entry.ts";
import { excerptOf, piecesOf } from "./excerpt.ts";

const SHOWN = 24;

const KINDS: Record<EntryKind, string> = {
  error: "Error",
  field: "Field",
  guide: "Guide",
  object: "Object",
  operation: "Operation",
  page: "Page",
};

const create = (tag: string, className: string, ...children: (Node | string)[]): HTMLElement => {
  const element = document.createElement(tag);
  element.className = className;
  element.append(...children);
  return element;
};

const marked = (text: string, matched: string[]): (Node | string)[] =>
  piecesOf(text, matched).map(({ text: piece, isMatch }) => (isMatch ? create("mark", "", piece) : piece));

function resultOf({ kind, title, place, text, url, matched }: Found, root: string): HTMLElement {
  const link = create(
    "a",
    "search-result",
    create("span", `search-kind search-kind-${kind}`, KINDS[kind]),
    create("b", "search-title", ...marked(title, matched)),
    create("span", "search-place", place),
  ) as HTMLAnchorElement;
  const excerpt = excerptOf(text, matched);
  if (excerpt) link.append(create("span", "search-excerpt", ...marked(excerpt, matched)));
  link.href = new URL(url, root).href;
  return create("li", "", link);
}

/** Lists what matches below a field while one types. Arrow keys go through the list, Enter follows. */
export class SearchView {
  readonly input: HTMLInputElement;
  readonly #load: () => Promise<Search>;
  readonly #root: string;
  readonly #state: HTMLElement;
  readonly #hint: HTMLElement;
  readonly #list: HTMLElement;

  /**
   * @param element holds what `searchMarkup` draws
   * @param root the address of the site
   */
  constructor(element: Element, root: string, load: () => Promise<Search>) {
    this.input = element.querySelector(".search-input") as HTMLInputElement;
    this.#state = element.querySelector(".search-state") as HTMLElement;
    this.#hint = element.querySelector(".search-hint") as HTMLElement;
    this.#list = element.querySelector(".search-results") as HTMLElement;
    this.#root = root;
    this.#load = load;
    this.input.addEventListener("input", () => this.search());
    (this.input.form as HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      this.#links()[0]?.click();
    });
    element.addEventListener("keydown", (event) => this.#move(event as KeyboardEvent));
    // What was typed before this script came counts too.
    if (this.input.value) this.search();
  }

  async search(): Promise<void> {
    const query = this.input.value.trim();
    if (!query) return this.#show("", []);
    try {
      const search = await this.#load();
      if (query !== this.input.value.trim()) return;
      const found = search(query);
      const results = found.length === 1 ? "1 result" : `${found.length} results`;
      const count = found.length > SHOWN ? `The best ${SHOWN} of ${results}` : results;
      this.#show(found.length ? count : `Nothing found for “${query}”.`, found.slice(0, SHOWN));
    } catch (error) {
      this.#show((error as Error).message, []);
    }
  }

  #links(): HTMLAnchorElement[] {
    return [...this.#list.querySelectorAll("a")];
  }

  #move(event: KeyboardEvent): void {
    const links = this.#links();
    const current = links.indexOf(document.activeElement as HTMLAnchorElement);
    const next = { ArrowDown: current + 1, ArrowUp: current - 1, Home: 0, End: links.length - 1 }[event.key];
    if (next === undefined) {
      // Who goes on typing goes on in the field.
      if (current >= 0 && event.key.length === 1 && !event.ctrlKey && !event.metaKey && event.key !== " ")
        this.input.focus();
      return;
    }
    if (current < 0 && event.key !== "ArrowDown") return;
    event.preventDefault();
    if (next < 0) this.input.focus();
    else (links[next] ?? links.at(-1))?.focus();
  }

  #show(state: string, found: Found[]): void {
    this.#state.textContent = state;
    this.#hint.hidden = found.length > 0;
    this.#list.replaceChildren(...found.map((each) => resultOf(each, this.#root)));
  }
}
