/** Characters that end a line, control a terminal or are not seen. */
const UNPRINTABLE = /[\s\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]+/gu;

/** A text of the marketplace as a terminal may be given it: others wrote it, and it must not move the cursor or fake a row. */
export const oneLine = (text: string): string => text.replace(UNPRINTABLE, " ");

/** What JSON may hold as it is, and a terminal may not: controls of eight bits and what turns the direction of text. */
const STEERING = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** A value as JSON that a terminal may be given: the same value for a program. */
export const toJson = (value: unknown, indent?: number): string =>
  JSON.stringify(value, null, indent).replace(
    STEERING,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
