import { personalFields } from "../generated/personal.ts";
import { cleanText } from "./text.ts";

/** The words of a name that somebody chose: `ACCOUNT_PHONE_AREA_CODE`, `adminEmail`, `phone2` and `E-mail address` alike. */
const wordsOf = (name: string): string =>
  ` ${name
    .replace(/(\p{Ll})(\p{Lu})/gu, "$1 $2")
    .replace(/(\p{L})(\d)/gu, "$1 $2")
    .toLowerCase()
    .replace(/[^\p{L}\d]+/gu, " ")
    .replace(/\be mail/g, "email")
    .trim()} `;

const PERSONAL_WORDS = Object.values(personalFields);

/** A word that a longer one with it is about a person too: `TELEPHONE`, `FIRSTNAME`; not so `city`, which `capacity` has. */
const MIN_PART = 5;

/** Whether a name has a word in it, by itself or written together with others. */
const hasWord = (words: string, word: string): boolean => {
  const together = word.replaceAll(" ", "");
  return words.includes(` ${word} `) || (together.length >= MIN_PART && words.includes(together));
};

/**
 * By which word a field, a column or a parameter of this name is about a person; `undefined` where it is not. The word is the document's,
 * so that it can be told where the name, which somebody chose, cannot.
 */
export function personalWord(name: string): string | undefined {
  const shown = cleanText(name);
  if (Object.hasOwn(personalFields, shown)) return personalFields[shown];
  // Unseen characters may or may not separate words for a reader: both readings are checked.
  const readings = [wordsOf(shown), wordsOf(name)];
  return PERSONAL_WORDS.find((word) => readings.some((words) => hasWord(words, word)));
}

const EMAIL = /[^\s@<>"'(),;:]{1,64}@[^\s@<>"'(),;:]{1,255}/g;

/** A text without the email addresses in it. */
export const withoutEmails = (text: string): string => text.replace(EMAIL, "[email left out]");
