/** An icon of 24 units, drawn in the color of the text beside it. */
export const icon = (paths: string, attributes = ""): string =>
  `<svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" ${attributes}>${paths}</svg>`;

/** The mark of the project: a cloud that is also an opening brace. */
const mark = icon(
  '<path d="M7.5 18.5a4.5 4.5 0 0 1-.6-8.96A6 6 0 0 1 18.4 9.6a4.5 4.5 0 0 1-.9 8.9z"/><path d="m10 11.5 2.2 2.2L10 16M13.6 16h2"/>',
);

/** What can be chosen, each with the path of its icon. */
export const themeIcons = {
  auto: "M5 4.5h14a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2v-8a2 2 0 0 1 2-2zM8.5 20h7M12 16.5V20",
  light:
    "M16 12a4 4 0 1 1-8 0 4 4 0 0 1 8 0zM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M5.3 18.7l1.4-1.4M17.3 6.7l1.4-1.4",
  dark: "M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5z",
};

const themes = Object.entries(themeIcons).map(([theme, path]) => icon(`<path d="${path}"/>`, `data-for="${theme}"`));

/** The name at the left of a header, which leads to the first page. */
export const siteName = (href: string, name: string): string =>
  `<a class="site-name" href="${href}">${mark}<span translate="no">${name}</span></a>`;

/** The switch between the system's theme, light and dark. `theme.js` makes it work, and names it. */
export const themeButton = `<button class="site-tool site-theme" type="button" aria-label="Theme">${themes.join("")}</button>`;
