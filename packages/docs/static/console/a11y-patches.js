window.keepPatched([
  // Fields that complete what one types: closed until Scalar says otherwise, and named as what they show when empty.
  [".code-input-lite__editor:not([aria-expanded])", (element) => element.setAttribute("aria-expanded", "false")],
  [
    ".code-input-lite__editor:not([aria-label])",
    (element) => element.setAttribute("aria-label", element.dataset.placeholder || "Value"),
  ],
  // Buttons with a picture alone, which point to a hint that is not there yet.
  [
    ".group\\/copy-button",
    (element) => {
      if (!element.hasAttribute("aria-label")) element.setAttribute("aria-label", "Copy");
      element.removeAttribute("aria-controls");
    },
  ],
  // A name that leaves out the words that are shown.
  [".show-more[aria-label]", (element) => element.removeAttribute("aria-label")],
  // Every example is a landmark of the same name.
  [
    ".response-card[role]",
    (element) => {
      for (const name of ["role", "aria-label", "aria-labelledby"]) element.removeAttribute(name);
    },
  ],
  // Buttons that call themselves nothing, or an alarm.
  ["button[role=none], button[role=alert]", (element) => element.removeAttribute("role")],
  // On narrow screens Scalar has a bar of its own below that of the site.
  [
    "#console header:not([role])",
    (element) => {
      element.setAttribute("role", "navigation");
      element.setAttribute("aria-label", "Console");
    },
  ],
]);
