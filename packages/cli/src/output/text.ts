/** What ends a line, steers a terminal or is not seen. */
const UNPRINTABLE = /[\s\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]+/gu;

/** A text of the marketplace as a terminal may be given it: others wrote it, and it must not move the cursor or fake a row. */
export const oneLine = (text: string): string => text.replace(UNPRINTABLE, " ");
