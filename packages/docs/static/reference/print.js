// Redocly draws the operations of one section at a time, and of those what is near the screen. For paper, each section is opened in
// turn, and what it draws is copied below the page, where only a printer sees it.
(() => {
  const root = document.documentElement;
  /** How long a section may take before the print goes on without it, in milliseconds. */
  const LIMIT = 60_000;
  const STEP = 50;
  /** Buttons that paper has no use for. */
  const USELESS = ["Copy", "Collapse all", "Expand all", "View security details"];

  /** @param {number} time in milliseconds */
  const pause = (time) => new Promise((resolve) => setTimeout(resolve, time));

  /** @param {string} [section] its id */
  const drawn = (section) => {
    const own = section === undefined ? "" : `="${section}"], [data-section-id^="${section}/"`;
    const parts = [...document.querySelectorAll(`#redoc [data-section-id${own}]`)];
    return parts.filter((part) => !part.parentElement?.closest("[data-section-id]"));
  };

  /** @param {Element} element @returns {string} */
  const idOf = (element) => element.getAttribute("data-section-id") ?? "";

  /** Whether Redocly still owes a part of them. @param {Element[]} parts */
  const isOwed = (parts) =>
    parts.some((part) => part.matches(":empty") || part.querySelector("[aria-hidden=true]:empty:not(svg *)"));

  /** Opens a section, and waits until it is drawn. @param {string} section */
  async function open(section) {
    location.replace(`#${section}`);
    let before = "";
    for (let waited = 0; waited < LIMIT; waited += STEP) {
      await pause(STEP);
      const parts = drawn(section);
      const now = parts.map(idOf).join();
      // A section that has operations has drawn them when it offers to show them no more.
      const isFolded = parts.some((part) =>
        [...part.querySelectorAll("button")].some((b) => b.textContent === "+ Show"),
      );
      if (now && now === before && !isFolded && !isOwed(parts)) return;
      before = now;
    }
  }

  async function prepare() {
    const { hash } = location;
    const { scrollX, scrollY } = window;
    root.dataset.print = "preparing";
    const paper = document.createElement("div");
    paper.className = "paper";
    const sections = [...new Set(drawn().map((part) => idOf(part).split("/").slice(0, 2).join("/")))];
    for (const section of sections) {
      await open(section);
      for (const part of drawn(section)) {
        const copy = /** @type {Element} */ (part.cloneNode(true));
        for (const element of [copy, ...copy.querySelectorAll("[id], [data-section-id]")]) {
          element.removeAttribute("id");
          element.removeAttribute("data-section-id");
        }
        for (const button of copy.querySelectorAll("button")) {
          if (USELESS.includes(button.textContent.trim())) button.remove();
        }
        paper.append(copy);
      }
    }
    document.body.append(paper);
    location.replace(hash || "#");
    window.scrollTo(scrollX, scrollY);
    root.dataset.print = "whole";
  }

  /** @type {Promise<void> | undefined} */
  let prepared;
  async function printAll() {
    prepared ??= prepare();
    await prepared;
    window.print();
  }

  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "p" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    event.preventDefault();
    printAll();
  });
  document.addEventListener("click", ({ target }) => {
    if (/** @type {Element} */ (target).closest(".print-all")) printAll();
  });
})();
