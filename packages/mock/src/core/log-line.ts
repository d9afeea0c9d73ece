/** Line ends, control characters, bidirectional and invisible characters. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
const MAX_LENGTH = 1_000;

/**
 * Joins parts to one line of bounded length. What a caller sends must not control the terminal, nor look like a separate line.
 */
export function lineOf(...parts: readonly unknown[]): string {
  const line = parts.join("  ");
  return (line.length > MAX_LENGTH ? `${line.slice(0, MAX_LENGTH)}…` : line).replace(UNPRINTABLE, "?");
}
