/** Characters that end a line, control a terminal, turn the direction of a text, or are not seen; and halves of characters. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]+/gu;

/**
 * A text that a server may have written, as people are shown it: one line of bounded length, without anything that controls a terminal.
 * @param length characters that it has at most, before its `…`
 */
export const oneLine = (text: string, length = 1_000): string =>
  (text.length > length ? `${text.slice(0, length)}…` : text).replace(UNPRINTABLE, " ");
