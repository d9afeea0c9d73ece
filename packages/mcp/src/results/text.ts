/** Characters that end a line or control a terminal. */
const BREAKS = /[\p{Cc}\p{Zl}\p{Zp}]+/gu;
/** Characters that turn the direction of a text or are not seen, and halves of characters. */
const UNSEEN = /[\p{Cf}\p{Co}\p{Cs}\p{DI}]+/gu;

/** Characters of a text of the marketplace that are shown. */
export const MAX_TEXT = 500;

/** A text of the marketplace as it is shown: one line of bounded length, without anything that a person would not see. */
export function cleanText(text: string, length: number = MAX_TEXT): string {
  const line = text
    .slice(0, length * 4)
    .replace(UNSEEN, "")
    .replace(BREAKS, " ");
  const seen = line.replace(/ {2,}/g, " ").trim();
  return seen.length > length ? `${seen.slice(0, length).trimEnd()}…` : seen;
}

/** Whether a text has something in it that a person would not see. */
export const hasUnseen = (text: string): boolean => text.search(UNSEEN) >= 0 || text.search(BREAKS) >= 0;
