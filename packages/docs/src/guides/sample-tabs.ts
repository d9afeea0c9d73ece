import { chosenLanguage, rememberLanguage } from "../console/language.ts";

let made = 0;

/** All of them on a page show the same language. */
const groups = new Set<SampleTabs>();

/** A call in several languages, of which one is shown. Without this script all stand below each other, each after its name. */
class SampleTabs extends HTMLElement {
  readonly #tabs: HTMLButtonElement[] = [];
  readonly #panels: HTMLElement[] = [];

  connectedCallback(): void {
    if (this.#tabs.length) return;
    groups.add(this);
    const list = document.createElement("div");
    list.setAttribute("role", "tablist");
    list.setAttribute("aria-label", "Language");
    list.className = "sample-languages not-content";
    made += 1;
    for (const label of this.querySelectorAll<HTMLElement>(":scope > p")) {
      const panel = label.nextElementSibling as HTMLElement;
      const tab = document.createElement("button");
      tab.type = "button";
      tab.textContent = String(label.textContent).replace(/:$/, "");
      tab.id = `sample-tab-${made}-${this.#tabs.length}`;
      panel.id = `sample-panel-${made}-${this.#tabs.length}`;
      for (const [name, value] of Object.entries({ role: "tab", "aria-controls": panel.id }))
        tab.setAttribute(name, value);
      for (const [name, value] of Object.entries({ role: "tabpanel", "aria-labelledby": tab.id }))
        panel.setAttribute(name, value);
      tab.addEventListener("click", () => this.#choose(String(tab.textContent)));
      this.#tabs.push(tab);
      this.#panels.push(panel);
      list.append(tab);
      label.remove();
    }
    list.addEventListener("keydown", (event) => this.#move(event));
    this.prepend(list);
    this.show(chosenLanguage() ?? "TypeScript");
  }

  disconnectedCallback(): void {
    groups.delete(this);
  }

  /** Shows a language, or the first where there is no such. */
  show(language: string): void {
    const found = this.#tabs.findIndex((tab) => tab.textContent === language);
    const chosen = Math.max(0, found);
    this.#tabs.forEach((tab, index) => {
      tab.setAttribute("aria-selected", String(index === chosen));
      tab.tabIndex = index === chosen ? 0 : -1;
    });
    this.#panels.forEach((panel, index) => {
      panel.hidden = index !== chosen;
    });
  }

  #choose(language: string): void {
    // What is read stays where it is on the screen, though others above it change their height.
    const before = this.getBoundingClientRect().top;
    rememberLanguage(language);
    for (const group of groups) group.show(language);
    window.scrollBy(0, this.getBoundingClientRect().top - before);
  }

  #move(event: KeyboardEvent): void {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const current = this.#tabs.findIndex((tab) => tab.tabIndex === 0);
    const next = this.#tabs[(current + step + this.#tabs.length) % this.#tabs.length];
    if (!next) return;
    this.#choose(String(next.textContent));
    next.focus();
  }
}

customElements.define("sample-tabs", SampleTabs);
