import { stemmer } from "stemmer";

/** Words that say nothing of what is looked for. */
const STOP_WORDS = new Set(
  (
    "a about after all am an and any are as at be been before being but by can could did do does doing done find for from get give " +
    "had has have how i if in into is it its me my need of on or our should so some tell than that the their them then there these they " +
    "this those to us use using want was way we were what when where which while who why will with would you your please help"
  ).split(" "),
);

const SEPARATORS = /[\s,;:()"'“”‘’`*|<>[\]…—–!?=&]+/;

/** The names that a name is made of: `imcloud.withOptions` is imcloud and withOptions, `/orders/{id}` is orders and id. */
const namesOf = (word: string): string[] => word.split(/[\s/{}._\-#+@]+/).filter(Boolean);

/** The words of a name: `poNumber` is po and number. */
const partsOf = (word: string): string[] => namesOf(word.replace(/([a-z\d])([A-Z])/g, "$1 $2"));

/** A word without case and accents. */
export const plain = (word: string): string => word.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

/** A word as words are compared: without case, accents and its ending. */
export const normalized = (word: string): string => {
  const bare = plain(word);
  return /^[a-z]{3,}$/.test(bare) ? stemmer(bare) : bare;
};

/** The words of a text, and of each name both the whole and its parts. */
export function wordsOf(text: string): string[] {
  return text.split(SEPARATORS).flatMap((raw) => {
    const word = raw.replace(/^[.]+|[.]+$/g, "");
    if (!word) return [];
    return [...new Set([word, ...namesOf(word), ...partsOf(word)])];
  });
}

/** Whether a word says nothing, as it is written: `as` is a stop word, and `AS` the code of an order. */
export const isStopWord = (word: string): boolean => !/^[A-Z]{2,}$/.test(word) && STOP_WORDS.has(word.toLowerCase());

/** The words of a query that say what is looked for, each once and as the reader wrote it. */
export function queryWords(query: string): string[] {
  // Who writes all of it in capitals means no codes by them.
  const isShouted = /\s/.test(query.trim()) && query === query.toUpperCase();
  const words = (isShouted ? query.toLowerCase() : query)
    .split(SEPARATORS)
    .map((word) => word.replace(/^[.]+|[.]+$/g, ""))
    .filter(Boolean);
  const telling = words.filter((word) => !isStopWord(word));
  return [...new Set(telling.length ? telling : words)];
}
