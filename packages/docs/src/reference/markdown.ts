import { markdownToHtml } from "satteri";

/** Markdown of the document as HTML. */
export const htmlOf = (markdown: string): string => markdownToHtml(markdown).html;
