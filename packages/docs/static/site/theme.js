/*
 * Light or dark, as chosen on any page of the site, or else as the system has it. Runs before anything is drawn.
 * `data-theme` on the root is what pages are drawn by; `data-theme-choice` is what was chosen. A page that another tool draws
 * listens to `themechange` on the document.
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

  const show = (choice) => {
    const theme = choice === "auto" ? (dark.matches ? "dark" : "light") : choice;
    const isChanged = root.dataset.theme !== theme;
    root.dataset.theme = theme;
    root.dataset.themeChoice = choice;
    if (isChanged) document.dispatchEvent(new CustomEvent("themechange", { detail: { theme } }));
  };

  window.imcloudTheme = {
    /** Chooses the next of system, light and dark. */
    next() {
      const choice = CHOICES[(CHOICES.indexOf(root.dataset.themeChoice) + 1) % CHOICES.length];
      try {
        localStorage.setItem(KEY, choice === "auto" ? "" : choice);
      } catch {
        // The choice then holds for this page alone.
      }
      show(choice);
    },
  };
  dark.addEventListener("change", () => show(root.dataset.themeChoice));
  addEventListener("storage", ({ key }) => key === KEY && show(stored()));
  show(stored());
})();
