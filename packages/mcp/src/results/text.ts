/** Line ends and control characters. */
const BREAKS = /[\p{Cc}\p{Zl}\p{Zp}]+/gu;
/** Bidirectional controls, invisible characters and lone surrogates. */
const UNSEEN = /[\p{Cf}\p{Co}\p{Cs}\p{DI}]+/gu;

/** The most characters to show of a marketplace's text. */
export const MAX_TEXT = 500;

/** The beginning of a text that has no half of a character at its end: what is no UTF-8 ends a conversation with a model. */
export const startOf = (text: string, length: number): string => text.slice(0, length).replace(/[\ud800-\udbff]$/, "");

/** Cleans a marketplace's text: one line of bounded length without invisible characters. */
export function cleanText(text: string, length: number = MAX_TEXT): string {
  const line = text
    .slice(0, length * 4)
    .replace(UNSEEN, "")
    .replace(BREAKS, " ");
  const seen = line.replace(/ {2,}/g, " ").trim();
  return seen.length > length ? `${startOf(seen, length).trimEnd()}…` : seen;
}

/** Whether a text has invisible characters. */
export const hasUnseen = (text: string): boolean => text.search(UNSEEN) >= 0 || text.search(BREAKS) >= 0;
