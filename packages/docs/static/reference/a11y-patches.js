/** @param {HTMLElement} element @param {number} depth */
function setLevel(element, depth) {
  if (element.getAttribute("aria-level") === String(depth)) return;
  element.setAttribute("role", "heading");
  element.setAttribute("aria-level", String(depth));
}

window.keepPatched([
  // The menu beside the page.
  [
    ".menu-content:not([role])",
    (element) => {
      element.setAttribute("role", "navigation");
      element.setAttribute("aria-label", "Operations");
    },
  ],
  // A name that leaves out the words that are shown.
  ["button[aria-label=Example]", (element) => element.removeAttribute("aria-label")],
  // Redocly begins with the second level, and leaves out the third.
  ["main h2", (element) => setLevel(element, 1)],
  ["main h3, main h4", (element) => setLevel(element, 2)],
  ["main h5", (element) => setLevel(element, 3)],
]);
