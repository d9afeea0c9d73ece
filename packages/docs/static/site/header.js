/* What the header of every page does: the search, and the menu of narrow pages. */
(() => {
  const folder = new URL(".", document.currentScript.src);

  const search = document.querySelector(".site-search");
  const dialog = document.querySelector(".search-dialog");
  const input = dialog.querySelector("input");
  /** What searches is loaded when it is first wanted. It is a plain script, as a page from a folder can load no module. */
  const loadSearch = () => {
    if (document.querySelector("script[data-search], script[src$='/search.js']")) return;
    const script = document.createElement("script");
    script.src = new URL("search.js", folder).href;
    script.dataset.search = "";
    script.onerror = () => script.remove();
    document.head.append(script);
  };
  const toggleSearch = () => {
    if (dialog.open) return dialog.close();
    dialog.showModal();
    input.focus();
    input.select();
    loadSearch();
  };
  search.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    toggleSearch();
  });
  // A click on the backdrop, or on a result of the page that is open.
  dialog.addEventListener("click", ({ target }) => {
    if (target === dialog || target.closest("a")) dialog.close();
  });
  if (/Mac|iPhone|iPad/.test(navigator.platform)) search.querySelector("kbd").textContent = "⌘ K";
  // Before anybody else's: the tools that draw some of the pages have searches of their own on the same keys.
  addEventListener(
    "keydown",
    (event) => {
      if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey)
        return;
      event.preventDefault();
      event.stopImmediatePropagation();
      toggleSearch();
    },
    true,
  );

  const menu = document.querySelector(".site-popover");
  menu?.addEventListener("click", (event) => {
    if (event.target.closest("a")) menu.hidePopover?.();
  });
})();
