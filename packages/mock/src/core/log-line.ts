/** Characters that end a line, control a terminal, turn the direction of a text, or are not seen. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
const MAX_LENGTH = 1_000;

/**
 * Parts as one line for people, of bounded length: what a caller sends must not control their terminal, nor look like a line of its own.
 */
export function lineOf(...parts: readonly unknown[]): string {
  const line = parts.join("  ");
  return (line.length > MAX_LENGTH ? `${line.slice(0, MAX_LENGTH)}…` : line).replace(UNPRINTABLE, "?");
}
