/** What stands for a secret wherever it would be shown. */
export const HIDDEN = "[redacted]";

const base64 = (text: string): string => btoa(String.fromCharCode(...new TextEncoder().encode(text)));

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
  const encoded = base64(secret);
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

/** Makes what hides some secrets in a text, in any of their forms. The longest go first: a short one inside would leave the rest. */
export function secretHider(secrets: readonly string[]): (text: string) => string {
  const forms = [...new Set(secrets.filter(Boolean).flatMap(formsOf))].sort((a, b) => b.length - a.length);
  return (text) => forms.reduce((safe, form) => safe.replaceAll(form, HIDDEN), text);
}
