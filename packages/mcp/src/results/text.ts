/** Characters that end a line, steer a terminal, turn the direction of a text, or are not seen; and halves of characters. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}\p{DI}]+/gu;

/** Characters of a text of the marketplace that are shown. */
export const MAX_TEXT = 500;

/** A text of the marketplace as it is shown: one line of bounded length, without anything that a person would not see. */
export function cleanText(text: string, length: number = MAX_TEXT): string {
  const seen = text
    .slice(0, length * 4)
    .replace(UNSEEN, " ")
    .replace(/ {2,}/g, " ")
    .trim();
  return seen.length > length ? `${seen.slice(0, length).trimEnd()}…` : seen;
}

/** Whether a text has something in it that a person would not see. */
export const hasUnseen = (text: string): boolean => text.search(UNSEEN) >= 0;
