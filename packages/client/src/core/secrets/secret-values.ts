import { toBase64 } from "../base64.ts";

/** What stands for a secret wherever it would be shown. */
export const HIDDEN = "[redacted]";

/** A text as XML has it. */
const toXml = (text: string): string =>
  text.replace(
    /[&<>"']/g,
    (char) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" })[char] ?? char,
  );

/** A JSON text in ASCII alone, as some servers write it. */
const toAscii = (json: string): string =>
  json.replace(/[^ -~]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);

/** A secret as it stands in what goes over the wire: in JSON, also in JSON in JSON, in a URL, a form, XML, base64. */
function formsOf(secret: string): string[] {
  const json = JSON.stringify(secret).slice(1, -1);
  // Half a surrogate pair can stand in no URL.
  const uri = encodeURIComponent(secret.replace(/\p{Cs}/gu, "\ufffd"));
  const form = new URLSearchParams({ a: secret }).toString().slice(2);
  const encoded = toBase64(secret);
  const written = [
    secret,
    json,
    JSON.stringify(json).slice(1, -1),
    toAscii(json),
    json.replaceAll("/", "\\/"),
    toXml(secret),
  ];
  const percent = [uri, form, uri.replace(/[!'()*~.]/g, (char) => `%${char.charCodeAt(0).toString(16)}`)];
  const lower = percent.map((text) => text.replace(/%../g, (code) => code.toLowerCase()));
  const twice = percent.map(encodeURIComponent);
  const packed = [
    encoded,
    encoded.replaceAll("=", ""),
    encoded.replace(/\+/g, "-").replace(/\//g, "_").replaceAll("=", ""),
  ];
  return [...written, ...percent, ...lower, ...twice, ...packed, ...packed.map(encodeURIComponent)];
}

/** Characters from which on a secret is looked for inside of texts. A shorter one stands in many words by chance. */
export const MIN_SECRET = 4;

/** All forms of some secrets, the longest first: a short one inside would leave the rest. */
const allForms = (secrets: readonly string[]): string[] =>
  [...new Set(secrets.flatMap(formsOf))].sort((a, b) => b.length - a.length);

/**
 * A whole string of JSON, with the colon behind it where it is the name of a member. One that does not end is the whole rest, as
 * otherwise each quote in it would be a begin to look from.
 */
const JSON_STRING = /"((?:[^"\\]|\\[\s\S])*)(?:"(\s{0,20}:)?|\\?$)/g;

/**
 * Makes what hides some secrets in a text, in any of their forms. Those of one to three characters are hidden where they are the whole
 * text, or a whole string of JSON in it.
 */
export function secretHider(secrets: readonly string[]): (text: string) => string {
  const given = secrets.filter(Boolean);
  const inside = allForms(given.filter((secret) => secret.length >= MIN_SECRET));
  const whole = new Set(allForms(given.filter((secret) => secret.length < MIN_SECRET)));
  const hideWhole = (text: string) =>
    whole.has(text)
      ? HIDDEN
      : text.replace(JSON_STRING, (all, value: string, colon?: string) =>
          !colon && whole.has(value) ? `"${HIDDEN}"` : all,
        );
  return (text) => {
    const safe = inside.reduce((shown, form) => shown.replaceAll(form, HIDDEN), text);
    return whole.size ? hideWhole(safe) : safe;
  };
}
