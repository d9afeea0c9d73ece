import { personalFields } from "../generated/personal.ts";
import { cleanText } from "./text.ts";

/** Splits a free name into words: `ACCOUNT_PHONE_AREA_CODE`, `adminEmail`, `phone2`, `E-mail address`. */
const wordsOf = (name: string): string =>
  ` ${name
    .replace(/(\p{Ll})(\p{Lu})/gu, "$1 $2")
    .replace(/(\p{L})(\d)/gu, "$1 $2")
    .toLowerCase()
    .replace(/[^\p{L}\d]+/gu, " ")
    .replace(/\be mail/g, "email")
    .trim()} `;

const PERSONAL_WORDS = Object.values(personalFields);

/** The least length of a word that is also found inside longer ones, as in `TELEPHONE`. Shorter ones match by chance, as `city` in `capacity`. */
const MIN_PART = 5;

/** Whether a name has a word, alone or inside a longer one. */
const hasWord = (words: string, word: string): boolean => {
  const together = word.replaceAll(" ", "");
  return words.includes(` ${word} `) || (together.length >= MIN_PART && words.includes(together));
};

/**
 * The word that makes a field, a column or a parameter personal; `undefined` if it is not. The word is the document's,
 * so that it can be shown, while the free name may be hostile text.
 */
export function personalWord(name: string): string | undefined {
  const shown = cleanText(name);
  if (Object.hasOwn(personalFields, shown)) return personalFields[shown];
  // Invisible characters may or may not separate words, so both readings are checked.
  const readings = [wordsOf(shown), wordsOf(name)];
  return PERSONAL_WORDS.find((word) => readings.some((words) => hasWord(words, word)));
}

/** It begins where a word does, so that a long word without an address is looked through once. */
const EMAIL = /(?<![^\s@<>"'(),;:])[^\s@<>"'(),;:]+@[^\s@<>"'(),;:]+/g;

/** A text without the email addresses in it. */
export const withoutEmails = (text: string): string => text.replace(EMAIL, "[email left out]");
