import { normalized, wordsOf } from "./words.ts";

/** A piece of a text, and whether it is what was looked for. */
export interface Piece {
  text: string;
  isMatch: boolean;
}

const isMatch = (word: string, matched: Set<string>) => wordsOf(word).some((part) => matched.has(normalized(part)));

/** A text in pieces, so that what matched can be marked. */
export function piecesOf(text: string, matched: string[]): Piece[] {
  const terms = new Set(matched);
  const pieces: Piece[] = [];
  // The dot at a sentence's end is not a part of its last word.
  for (const part of text.split(/(\s+|[.,:;!?…]+(?=\s|$))/)) {
    const match = /[\p{L}\d]/u.test(part) && isMatch(part, terms);
    const last = pieces.at(-1);
    if (last && last.isMatch === match) last.text += part;
    else pieces.push({ text: part, isMatch: match });
  }
  return pieces;
}

/** The part of a text around what matched first, of some `length` characters. */
export function excerptOf(text: string, matched: string[], length = 150): string {
  if (text.length <= length) return text;
  const terms = new Set(matched);
  let position = 0;
  let found = -1;
  for (const word of text.split(/(?<=\s)/)) {
    if (isMatch(word, terms)) {
      found = position;
      break;
    }
    position += word.length;
  }
  if (found < length / 2) return `${text.slice(0, length).replace(/\s+\S*$/, "")}…`;
  const start = text.indexOf(" ", found - length / 3) + 1;
  return `…${text.slice(start, start + length).replace(/\s+\S*$/, "")}…`;
}
