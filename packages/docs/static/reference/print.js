// Redocly draws the operations of one section at a time, and of those what is near the screen. For paper, each section is opened in
// turn, and what it draws is copied below the page, where only a printer sees it. Meanwhile the page is hidden: nobody reads it, and the
// browser would lay out each part again and again.
(() => {
  const root = document.documentElement;
  /** How long a section may take before the print goes on without it, in milliseconds. */
  const LIMIT = 60_000;
  const STEP = 50;
  /** Buttons that paper has no use for. */
  const USELESS = ["Copy", "Collapse all", "Expand all", "View security details"];

  let isPreparing = false;
  /** What reports the parts that Redocly has not drawn, each with such a part. @type {Map<ToldObserver, Element>} */
  const waiting = new Map();

  /** Tells Redocly that a part comes near the screen, as any browser does; for paper it says so at once, of parts that are hidden too. */
  class ToldObserver extends IntersectionObserver {
    /** @param {IntersectionObserverCallback} callback @param {IntersectionObserverInit} [options] */
    constructor(callback, options) {
      super(callback, options);
      this.callback = callback;
    }
    /** @param {Element} part */
    observe(part) {
      waiting.set(this, part);
      if (isPreparing) queueMicrotask(() => this.tell());
      else super.observe(part);
    }
    disconnect() {
      waiting.delete(this);
      super.disconnect();
    }
    tell() {
      const target = waiting.get(this);
      if (target) this.callback([/** @type {IntersectionObserverEntry} */ ({ target, isIntersecting: true })], this);
    }
  }
  window.IntersectionObserver = ToldObserver;

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

  /** A copy of a part for paper. @param {Element} part */
  function copyOf(part) {
    const copy = /** @type {Element} */ (part.cloneNode(true));
    for (const element of [copy, ...copy.querySelectorAll("[id], [data-section-id]")]) {
      element.removeAttribute("id");
      element.removeAttribute("data-section-id");
    }
    for (const button of copy.querySelectorAll("button")) {
      if (USELESS.includes(button.textContent.trim())) button.remove();
    }
    return copy;
  }

  async function copyAll() {
    const paper = document.createElement("div");
    paper.className = "paper";
    const sections = [...new Set(drawn().map((part) => idOf(part).split("/").slice(0, 2).join("/")))];
    for (const section of sections) {
      await open(section);
      paper.append(...drawn(section).map(copyOf));
    }
    document.body.append(paper);
  }

  async function prepare() {
    const { hash } = location;
    const { scrollX, scrollY } = window;
    const note = document.createElement("p");
    note.className = "print-progress";
    note.role = "status";
    note.textContent = "Preparing all operations for print.";
    document.body.append(note);
    root.dataset.print = "preparing";
    isPreparing = true;
    for (const observer of [...waiting.keys()]) observer.tell();
    try {
      await copyAll();
      root.dataset.print = "whole";
    } finally {
      // Whatever failed, the page is there again.
      if (root.dataset.print !== "whole") delete root.dataset.print;
      isPreparing = false;
      note.remove();
      location.replace(hash || "#");
      window.scrollTo(scrollX, scrollY);
    }
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
