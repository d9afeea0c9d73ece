import { startOf } from "../results/text.ts";

/** Counts the words that a text contains. */
const countIn = (text: string, words: readonly string[]): number => words.filter((word) => text.includes(word)).length;

/**
 * The first part of a text with the most of some words, as whole lines.
 * @param words in lower case
 * @param length the most characters
 */
export function excerpt(text: string, words: readonly string[], length: number): string {
  if (text.length <= length) return text;
  const lines = text.split("\n");
  let best = { count: -1, from: 0, part: "" };
  for (let from = 0; from < lines.length; from++) {
    const part = lines.slice(from, endOf(lines, from, length)).join("\n");
    const count = countIn(part.toLowerCase(), words);
    if (count > best.count) best = { count, from, part };
  }
  const isEnd = text.endsWith(best.part) && best.part.length <= length;
  return `${best.from > 0 ? "…" : ""}${startOf(best.part, length)}${isEnd ? "" : "…"}`;
}

/** The index after the last line that fits. */
function endOf(lines: readonly string[], from: number, length: number): number {
  let [to, size] = [from, 0];
  while (to < lines.length && (to === from || size + (lines[to]?.length ?? 0) < length))
    size += (lines[to++]?.length ?? 0) + 1;
  return to;
}
