import { defineEcConfig } from "@astrojs/starlight/expressive-code";

/** How blocks of code look. It is a file of its own, as a function cannot stand in Astro's configuration. */
export default defineEcConfig({
  themes: ["github-dark-high-contrast", "github-light-high-contrast"],
  useStarlightUiThemeColors: true,
  shiki: {
    bundledLangs: ["html", "json", "powershell", "python", "shellscript", "typescript"],
    transformers: [
      {
        name: "no-time-limit",
        // A line has half a second otherwise, so that a busy machine leaves the first ones without colors.
        preprocess(_code, options) {
          options.tokenizeTimeLimit = 0;
        },
      },
    ],
  },
  styleOverrides: {
    borderRadius: "var(--im-radius)",
    borderColor: "var(--im-line)",
    codeBackground: "var(--im-code-ground)",
    codeFontFamily: "var(--im-font-mono)",
    codeFontSize: "0.8125rem",
    codeLineHeight: "1.65",
    uiFontFamily: "var(--im-font)",
    frames: { shadowColor: "transparent", terminalBackground: "var(--im-code-ground)" },
  },
  // A block that scrolls cannot be read by the keyboard alone, nor on paper.
  defaultProps: { wrap: true, preserveIndent: true, frame: "none" },
});
