/*
 * Light or dark, as chosen on any page of the site, or else as the system has it. Runs before anything is drawn.
 * `data-theme` on the root is what pages are drawn by; `data-theme-choice` is what was chosen. A page that another tool draws
 * listens to `themechange` on the document. A button of the class `site-theme` is a switch.
 */
(() => {
  const KEY = "starlight-theme";
  const CHOICES = ["auto", "light", "dark"];
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");

  const stored = () => {
    try {
      const choice = localStorage.getItem(KEY);
      return CHOICES.includes(choice) ? choice : "auto";
    } catch {
      // Storage can be closed to a page.
      return "auto";
    }
  };

  /** Says on each switch what is chosen. */
  const nameButtons = () => {
    const { themeChoice } = root.dataset;
    const name = `Theme: ${themeChoice === "auto" ? "as the system" : themeChoice}`;
    for (const button of document.querySelectorAll(".site-theme")) {
      button.setAttribute("aria-label", name);
      button.title = name;
    }
  };

  const draw = (theme) => {
    if (root.dataset.theme === theme) return;
    root.dataset.theme = theme;
    document.dispatchEvent(new CustomEvent("themechange", { detail: { theme } }));
  };

  const show = (choice) => {
    root.dataset.themeChoice = choice;
    draw(choice === "auto" ? (dark.matches ? "dark" : "light") : choice);
    nameButtons();
  };

  /** Chooses the next of system, light and dark. */
  const chooseNext = () => {
    const choice = CHOICES[(CHOICES.indexOf(root.dataset.themeChoice) + 1) % CHOICES.length];
    try {
      localStorage.setItem(KEY, choice === "auto" ? "" : choice);
    } catch {
      // The choice then holds for this page alone.
    }
    show(choice);
  };
  document.addEventListener("click", ({ target }) => {
    if (target instanceof Element && target.closest(".site-theme")) chooseNext();
  });
  document.addEventListener("DOMContentLoaded", nameButtons);
  dark.addEventListener("change", () => show(root.dataset.themeChoice));
  // Paper is light.
  addEventListener("beforeprint", () => draw("light"));
  addEventListener("afterprint", () => show(root.dataset.themeChoice));
  addEventListener("storage", ({ key }) => key === KEY && show(stored()));
  show(stored());
})();
