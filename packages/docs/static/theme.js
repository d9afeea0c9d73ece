// Light or dark as the guides have it, or else as the system does. Runs before anything is drawn.
(() => {
  let chosen = null;
  try {
    chosen = localStorage.getItem("starlight-theme");
  } catch {
    // Storage can be closed to a page: the system's choice holds then.
  }
  const isDark = chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.dataset.theme = isDark ? "dark" : "light";
})();
