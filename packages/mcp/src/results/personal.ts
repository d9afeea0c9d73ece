import { personalFields } from "../generated/personal.ts";

/** The words of a name that somebody chose: `ACCOUNT_PHONE_AREA_CODE`, `adminEmail` and `E-mail address` alike. */
const wordsOf = (name: string): string =>
  ` ${name
    .replace(/(\p{Ll})(\p{Lu})/gu, "$1 $2")
    .toLowerCase()
    .replace(/[^\p{L}\d]+/gu, " ")
    .replace(/\be mail\b/g, "email")
    .trim()} `;

const PERSONAL_WORDS = Object.values(personalFields);

/**
 * By which word a field, a column or a parameter of this name is about a person; `undefined` where it is not. The word is the document's,
 * so that it can be told where the name, which somebody chose, cannot.
 */
export function personalWord(name: string): string | undefined {
  if (Object.hasOwn(personalFields, name)) return personalFields[name];
  const words = wordsOf(name);
  return PERSONAL_WORDS.find((word) => words.includes(` ${word} `));
}

const EMAIL = /[^\s@<>"'(),;:]{1,64}@[^\s@<>"'(),;:]{1,255}/g;

/** A text without the email addresses in it. */
export const withoutEmails = (text: string): string => text.replace(EMAIL, "[email left out]");
