import type { Shell } from "../context.ts";

/** Line ends, control characters and invisible characters. */
const UNPRINTABLE = /[\s\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]+/gu;

/** Makes a marketplace's text safe for a terminal: other people wrote it, and it must not move the cursor or fake a row. */
export const oneLine = (text: string): string => text.replace(UNPRINTABLE, " ");

/** Characters that JSON allows unescaped but that control a terminal: C1 controls and bidirectional controls. */
const STEERING = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** JSON that is safe for a terminal, and the same value for a program. */
export const toJson = (value: unknown, indent?: number): string =>
  JSON.stringify(value, null, indent).replace(
    STEERING,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );

/** What {@link oneLine} removes, without spaces. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]+/gu;

/** Says lines on standard error. What others wrote into one controls no terminal, and begins no other. */
export const say = ({ stderr }: Pick<Shell, "stderr">, ...lines: string[]): void => {
  for (const line of lines) stderr.write(`${line.replace(UNSEEN, " ")}\n`);
};

/** The columns of a terminal. Some, as those of build servers, say that they have none. */
export const widthOf = ({ stdout }: Pick<Shell, "stdout">): number => stdout.columns || 80;
