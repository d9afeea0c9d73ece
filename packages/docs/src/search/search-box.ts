import MiniSearch from "minisearch";
import type { Entry } from "./entry.ts";

const SHOWN = 20;

declare global {
  interface Window {
    searchEntries?: Entry[];
  }
}

/** Words, and paths and names as a whole: `/orders/{id}` is one, and so is `poNumber`. */
const tokenize = (text: string) => text.split(/[\s,;:()"`*]+/).flatMap((word) => word.replace(/[.?!]+$/, "") || []);

let loading: Promise<MiniSearch<Entry>> | undefined;

/** The index, made when it is first asked for. It comes as a script, as a page from a folder cannot fetch. */
function load(url: string): Promise<MiniSearch<Entry>> {
  loading ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = url;
    script.onload = () => {
      const index = new MiniSearch<Entry>({
        fields: ["title", "place", "text"],
        storeFields: ["title", "place", "url"],
        tokenize,
        searchOptions: { boost: { title: 4, place: 2 }, prefix: true, fuzzy: 0.15, combineWith: "AND" },
      });
      index.addAll(window.searchEntries ?? []);
      resolve(index);
    };
    script.onerror = () => {
      loading = undefined;
      reject(new Error("The index did not load. Check the connection and try again."));
    };
    document.head.append(script);
  });
  return loading;
}

/** A field that lists what matches while one types. */
class SearchBox extends HTMLElement {
  readonly #input = this.querySelector("input") as HTMLInputElement;
  readonly #state = this.querySelector("[role=status]") as HTMLElement;
  readonly #list = this.querySelector("ol") as HTMLOListElement;

  connectedCallback(): void {
    const form = this.querySelector("form") as HTMLFormElement;
    this.#input.addEventListener("input", () => this.#search());
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.querySelector<HTMLAnchorElement>("li a")?.click();
    });
    const asked = this.hasAttribute("data-asks") && new URLSearchParams(location.search).get("q");
    if (asked) this.#input.value = asked;
    // What was typed before this script came counts too.
    if (this.#input.value) this.#search();
  }

  async #search(): Promise<void> {
    const words = this.#input.value.trim();
    if (!words) return this.#show("", []);
    try {
      const index = await load(String(this.dataset.searchIndex));
      if (words !== this.#input.value.trim()) return;
      const found = index.search(words) as unknown as Entry[];
      this.#show(found.length ? `${found.length} found` : `Nothing found for “${words}”.`, found.slice(0, SHOWN));
    } catch (error) {
      this.#show((error as Error).message, []);
    }
  }

  #show(state: string, entries: Entry[]): void {
    const root = new URL(String(this.dataset.searchIndex), location.href);
    this.#state.textContent = state;
    this.#list.replaceChildren(
      ...entries.map(({ title, place, url }) => {
        const link = Object.assign(document.createElement("a"), { href: new URL(url, root).href });
        const name = Object.assign(document.createElement("b"), { textContent: title });
        link.append(name, Object.assign(document.createElement("small"), { textContent: place }));
        const item = document.createElement("li");
        item.append(link);
        return item;
      }),
    );
  }
}

customElements.define("search-box", SearchBox);
