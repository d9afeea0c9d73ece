/** What can be done with a page as a whole: copy it as Markdown, and ask an assistant about it. */
class PageActions extends HTMLElement {
  connectedCallback(): void {
    const copy = this.querySelector(".copy-page") as HTMLButtonElement;
    copy.hidden = false;
    copy.addEventListener("click", async () => {
      const isCopied = await this.#text()
        .then((text) => navigator.clipboard.writeText(text))
        .then(
          () => true,
          () => false,
        );
      copy.textContent = isCopied ? "Copied" : "The browser does not let this page copy";
      setTimeout(() => {
        copy.textContent = "Copy page";
      }, 2_000);
    });
    for (const link of this.querySelectorAll<HTMLAnchorElement>(".assistant")) {
      const question = `Read ${this.#address} and answer my questions about it.`;
      link.href = `${link.dataset.assistant}${encodeURIComponent(question)}`;
    }
  }

  get #address(): string {
    return new URL(String(this.dataset.markdown), location.href).href;
  }

  /** The page's Markdown; its words alone where it is opened from a folder, which fetches nothing. */
  async #text(): Promise<string> {
    try {
      const response = await fetch(this.#address);
      if (response.ok) return await response.text();
    } catch {
      // The words will do.
    }
    const selection = getSelection();
    const main = document.querySelector("main");
    if (!selection || !main) return "";
    // As it is drawn, with its lines.
    selection.selectAllChildren(main);
    const text = selection.toString();
    selection.removeAllRanges();
    return text;
  }
}

customElements.define("page-actions", PageActions);
