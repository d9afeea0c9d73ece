// Redocly keeps its own choice of light or dark: it begins with that of the site.
try {
  localStorage.setItem("redoc.colorMode", document.documentElement.dataset.theme);
} catch {
  // Storage can be closed to a page: Redocly then follows the system.
}
