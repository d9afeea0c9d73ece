// Redocly keeps its own choice of light or dark: it has that of the site, from the beginning and whenever it changes.
(() => {
  const root = document.documentElement;
  const follow = () => {
    const { theme } = root.dataset;
    try {
      localStorage.setItem("redoc.colorMode", theme);
    } catch {
      // Storage can be closed to a page: Redocly then begins as the system has it.
    }
    root.classList.remove("light", "dark");
    root.classList.add(theme);
  };
  follow();
  document.addEventListener("themechange", follow);
})();
