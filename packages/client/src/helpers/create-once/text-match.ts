/**
 * How a text that a server keeps relates to the one that was sent: `exact` as it was; `alike` in another form, such as upper case or
 * without white space; `partial` where something was lost, such as cut to a length; `missing` nothing that could be compared.
 */
export type TextMatch = "exact" | "alike" | "partial" | "missing" | "different";

/** What a server may write in place of a character. */
const ENTITY = /&#?\w{1,8};/g;
const NOT_ALPHANUMERIC = /[^\p{L}\p{N}]+/gu;
const LONE_SURROGATE = /\p{Cs}/u;

/** Without accents, width, ligatures and case. By way of upper case, as some letters have several lower ones. */
const folded = (text: string): string => {
  const plain = (some: string) => some.normalize("NFKD").replace(/\p{M}+/gu, "");
  return plain(plain(text.normalize("NFKC").toLowerCase().toUpperCase()).toLowerCase()).replaceAll("ς", "σ");
};

const skeleton = (text: string): string => folded(text).replace(NOT_ALPHANUMERIC, "");

/** Without the zeros that pad a number, or the whole. */
const unpadded = (text: string): string =>
  skeleton(text.replace(/\p{N}+/gu, (digits) => digits.replace(/^0+(?=.)/u, ""))).replace(/^0+(?=.)/, "");

/** What of a text survives on a server that cannot keep other letters. */
const asciiParts = (text: string): string[] =>
  text
    .normalize("NFC")
    .toLowerCase()
    .match(/[a-z0-9]+/g) ?? [];

/** Whether a text has these parts, one after the other. */
function hasInOrder(text: string, parts: string[]): boolean {
  let from = 0;
  for (const part of parts) {
    const at = text.indexOf(part, from);
    if (at < 0) return false;
    from = at + part.length;
  }
  return parts.length > 0;
}

/** What two texts are compared by. */
export interface Fingerprint {
  skeleton: string;
  unpadded: string;
  number: number;
  /** Of a text with other letters, what is in ASCII. */
  parts: string[];
}

export const fingerprint = (text: string): Fingerprint => ({
  skeleton: skeleton(text),
  unpadded: unpadded(text),
  number: Number(text),
  parts: /^[ -~]*$/.test(text) ? [] : asciiParts(text),
});

/** Compares two texts that are not the same, either of which may be a form of the other. */
export function compareFingerprints(one: Fingerprint, other: Fingerprint): Exclude<TextMatch, "exact"> {
  if (one.skeleton === "" || other.skeleton === "") return "missing";
  if (one.skeleton === other.skeleton || one.unpadded === other.unpadded) return "alike";
  // One that is too large for a number is not told apart from its neighbors.
  if (one.number === other.number) return Math.abs(one.number) <= Number.MAX_SAFE_INTEGER ? "alike" : "partial";
  const isPart = one.skeleton.includes(other.skeleton) || other.skeleton.includes(one.skeleton);
  return isPart || hasInOrder(other.skeleton, one.parts) || hasInOrder(one.skeleton, other.parts)
    ? "partial"
    : "different";
}

/** Whether anything of a text is left to compare, whatever form a server gives it. */
export const isRecognizable = (text: string): boolean => !LONE_SURROGATE.test(text) && skeleton(text) !== "";

/** Compares a text that was sent with what a server keeps in its place. */
export function matchText(sent: string, kept: unknown): TextMatch {
  if (kept === sent) return "exact";
  if (typeof kept !== "string" && typeof kept !== "number") return "missing";
  return compareFingerprints(fingerprint(sent), fingerprint(String(kept).replace(ENTITY, " ")));
}
