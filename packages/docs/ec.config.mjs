import { defineEcConfig, definePlugin, isInlineStyleAnnotation } from "@astrojs/starlight/expressive-code";

/**
 * Leaves text that has the block's own color in every theme without an element of its own. More than half of the colored pieces of
 * code are such: white space, names and punctuation.
 */
const ownColorPlain = definePlugin({
  name: "own-color-plain",
  hooks: {
    postprocessAnnotations({ codeBlock, styleVariants }) {
      const ownColors = styleVariants.map(({ resolvedStyleSettings }) =>
        resolvedStyleSettings.get("codeForeground")?.toLowerCase(),
      );
      /** Whether an annotation changes nothing but the color, to the block's own. */
      const isOwn = (annotation) =>
        isInlineStyleAnnotation(annotation) &&
        annotation.styleVariantIndex !== undefined &&
        annotation.color?.toLowerCase() === ownColors[annotation.styleVariantIndex] &&
        ["bgColor", "italic", "bold", "underline", "strikethrough"].every((style) => !annotation[style]);
      for (const line of codeBlock.getLines()) {
        const ofPiece = Map.groupBy(line.getAnnotations(), ({ inlineRange }) => JSON.stringify(inlineRange));
        for (const annotations of ofPiece.values()) {
          if (annotations.length !== ownColors.length || !annotations.every(isOwn)) continue;
          for (const annotation of annotations) line.deleteAnnotation(annotation);
        }
      }
    },
  },
});

/** How blocks of code look. It is a file of its own, as a function cannot stand in Astro's configuration. */
export default defineEcConfig({
  themes: ["github-dark-high-contrast", "github-light-high-contrast"],
  useStarlightUiThemeColors: true,
  plugins: [ownColorPlain],
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
