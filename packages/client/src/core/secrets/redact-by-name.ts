import { must } from "@imcloud/options";
import { HIDDEN, MIN_SECRET, secretHider } from "./secret-values.ts";

/** Names of fields, headers and form fields whose values are secrets. Short ones are whole words, also behind a `?` or `&` of a link. */
const SECRET_NAME =
  /authorization|cookie|passw|passphrase|passcode|secret|token|session|subscription-?key|(?:api|private|access|account)[-_]?key|signature|credential|downloadurl|jwt|bearer|(?:^|[^a-z]|3f|26)(?:pwd|otp|totp|sig|sid|pin|cvv|cvc|auth)(?![a-z])|(?:Pwd|Otp|Pin)(?![a-z])/i;

/** Words, of which one may be the name of a secret. */
const WORD = /[\w-]+/g;
/** What stands between a name and its value in JSON, also inside a string, in a form, and in a header. */
const SEPARATOR = /\\*["']?\s{0,20}(?:[:=]|%3d|%3a|&#61;)\s{0,20}/iy;
const VALUE = /\\?"(?:[^"\\]+|\\.)*"?|'[^']*'?|[^\s,;&}\]]+/y;

/** What matches at an index; empty where nothing does. */
function matchAt(pattern: RegExp, text: string, index: number): string {
  pattern.lastIndex = index;
  return pattern.exec(text)?.[0] ?? "";
}

/** Brackets and quotes, with the backslashes before them, of which there are more the deeper a text is quoted. */
const MARK = /[[{}\]]|\\+"?|"/g;

/** The value at an index; of an array or an object all of it, to the end of the text where it has no end. */
function valueAt(text: string, index: number): string {
  if (!"[{".includes(text.charAt(index) || " ")) return matchAt(VALUE, text, index);
  let depth = 0;
  let quote = -1;
  MARK.lastIndex = index;
  for (let match = MARK.exec(text); match; match = MARK.exec(text)) {
    const [mark] = match;
    const slashes = mark.length - 1;
    if (mark.endsWith('"')) {
      if (quote < 0) quote = slashes;
      else if (slashes % (2 * quote + 2) === quote) quote = -1;
    } else if (quote < 0 && !mark.startsWith("\\")) {
      depth += "[{".includes(mark) ? 1 : -1;
      if (depth === 0) return text.slice(index, MARK.lastIndex);
    }
  }
  return text.slice(index);
}

/** What ends before the name of a secret that is itself the value of a `name`. */
const NAMED = /\b(?:name|key|id)\\*["']\s{0,5}:\s{0,5}\\*["'][^"'\\]{0,80}$/i;
/** What stands between such a name and the `value` beside it. */
const BESIDE = /[^{}]{0,2000}?\bvalues?\\*["']\s{0,5}:\s{0,5}/iy;

/** What stands before the name of an element of XML, and behind it. */
const ELEMENT = /<(?:[\w-]{1,50}:)?$/;
const ELEMENT_HEAD = /(?:\s[^<>]{0,500})?>/y;
/** Characters of an element that are looked through for its end. */
const MAX_ELEMENT = 4_000;

/** The head of the element whose name ends at an index, and what is in it; empty where it is none. */
function elementAt(text: string, start: number, end: number): [head: string, content: string] {
  if (!ELEMENT.test(text.slice(Math.max(0, start - 52), start))) return ["", ""];
  const head = matchAt(ELEMENT_HEAD, text, end);
  if (!head || head.endsWith("/>")) return ["", ""];
  const rest = text.slice(end + head.length, end + head.length + MAX_ELEMENT);
  const close = rest.indexOf(`${text.slice(start, end)}>`);
  // Without its end, up to the next element.
  const length = close < 0 ? rest.search(/<|$/) : rest.lastIndexOf("</", close);
  return [head, rest.slice(0, Math.max(0, length))];
}

/** A `value` with a `name` behind it, in one object. */
const VALUE_FIRST =
  /(\bvalues?\\*["']\s{0,5}:\s{0,5})(\\{1,7}"[^"\\]{0,1000}\\{1,7}"|"(?:[^"\\]|\\.){0,1000}"|'[^']{0,1000}'|[\w.+-]{1,200}|\[[^\]]{0,1000}\])(?=[^{}]{0,1000}?\b(?:name|key|id)\\*["']\s{0,5}:\s{0,5}\\*["']([^"'\\]{0,80}))/gi;

const hideValuesFirst = (text: string): string =>
  text.replace(VALUE_FIRST, (all, head: string, _value, name: string) =>
    SECRET_NAME.test(name) ? head + HIDDEN : all,
  );

/** Hides `"password": "…"`, `password=…` and `"name": "password", "value": "…"`. Each word is looked at once, so that the time is linear. */
function hidePairs(text: string): string {
  let safe = "";
  let done = 0;
  WORD.lastIndex = 0;
  for (let word = WORD.exec(text); word; word = WORD.exec(text)) {
    if (!SECRET_NAME.test(word[0])) continue;
    const end = WORD.lastIndex;
    const isNamed = NAMED.test(text.slice(Math.max(0, word.index - 120), word.index));
    const [head, content] = elementAt(text, word.index, end);
    const separator = head || matchAt(isNamed ? BESIDE : SEPARATOR, text, end);
    const value = head ? content : separator && valueAt(text, end + separator.length);
    if (!value || text.startsWith(HIDDEN, end + separator.length)) continue;
    safe += text.slice(done, end) + separator + HIDDEN;
    done = end + separator.length + value.length;
    WORD.lastIndex = done;
  }
  return safe + text.slice(done);
}

/** HTTP credentials. */
const CREDENTIALS = /\b(?:bearer|basic)\s{1,20}[\w+/=.~-]+/gi;

/** The first part of a JSON web token: every JSON object begins so in base64. */
const TOKEN_HEAD = /^(|.*-)eyJ[\w-]+$/;

/** JSON web tokens, in words with dots: three parts, of which the last may be empty. */
const hideWebTokens = (text: string): string =>
  text.replace(/[\w.-]+/g, (word) => {
    if (!word.includes("eyJ")) return word;
    const parts = word.split(".");
    const safe: string[] = [];
    for (let at = 0; at < parts.length; at++) {
      const part = parts[at] ?? "";
      const head = parts[at + 1] && at + 2 < parts.length && TOKEN_HEAD.exec(part);
      safe.push(head ? `${head[1]}${HIDDEN}` : part);
      if (head) at += 2;
    }
    return safe.join(".");
  });

/** Addresses with a query or a user in them, which may be signed. Their slashes may be escaped, or all of them encoded. */
const hideAddresses = (text: string): string =>
  text
    .replace(/\bhttps?%3a%2f%2f[^\s"'<>]+/gi, (run) => (/%3f|%40|[?@]/i.test(run) ? HIDDEN : run))
    .replace(/(?:[^\s"'<>\\]|\\\/)+/g, (run) => {
      const colon = run.search(/:(?:\\?\/){2}/);
      if (colon < 0 || !/[?@]/.test(run.slice(colon + 3))) return run;
      // Backwards by hand: a pattern that ends here would start again at each letter.
      let start = colon;
      while (start > 0 && /[a-z\d+.-]/i.test(run.charAt(start - 1))) start--;
      return run.slice(0, start) + HIDDEN;
    });

/** Takes secrets out of whatever is shown to people. */
export interface Redactor {
  /** Hides a token from now on, wherever it comes up. The last {@link TOKENS} are remembered. */
  learn(token: string): void;
  text(text: string): string;
  /** A copy without secrets, at any depth: of objects, arrays, maps, sets, headers, URLs, and errors with their causes. */
  value(value: unknown): unknown;
}

/** Tokens that are remembered; a long job has many, of which the last can still come up. */
const TOKENS = 20;

/** How deep a value is copied: what goes deeper is made to exhaust the stack. */
const MAX_DEPTH = 60;

/** Members by which an object names a value, and has it. */
const NAME_KEY = /^(?:name|key|id)$/i;
const VALUE_KEY = /^values?$/i;

const isString = (value: unknown): value is string => typeof value === "string";

const stringRule = /* @__PURE__ */ must("a string", isString);

/** The name of a field, or of a map's key, which can be anything. */
const nameOf = (key: unknown): string =>
  typeof key === "object" || typeof key === "function" ? `[${typeof key}]` : String(key);

const secretsRule = /* @__PURE__ */ must(
  "an array of strings",
  (secrets: unknown) => Array.isArray(secrets) && secrets.every((secret) => !secret || isString(secret)),
);

/**
 * @param secrets hidden wherever they come up, in any form that they have on the wire
 * @throws {@link TypeError} when they are not an array of strings
 */
export function createRedactor(secrets: readonly string[]): Redactor {
  secretsRule(secrets, "The secrets of createRedactor");
  const hideKnown = secretHider(secrets);
  const tokens = new Map<string, (text: string) => string>();
  let depth = 0;

  function text(shown: string): string {
    stringRule(shown, "The text");
    let safe = hideKnown(shown);
    for (const hide of tokens.values()) safe = hide(safe);
    return hidePairs(hideValuesFirst(hideAddresses(hideWebTokens(safe.replace(CREDENTIALS, HIDDEN)))));
  }

  function fields(entries: Iterable<[unknown, unknown]>, seen: Map<object, unknown>): Record<string, unknown> {
    const copy: Record<string, unknown> = {};
    const all = [...entries];
    const isNamed = all.some(
      ([key, value]) => NAME_KEY.test(nameOf(key)) && typeof value === "string" && SECRET_NAME.test(value),
    );
    for (const [key, value] of all) {
      const name = nameOf(key);
      // Object.defineProperty, as a field may be called __proto__.
      // A short name is the same as a short secret by chance.
      Object.defineProperty(copy, name.length < MIN_SECRET ? name : text(name), {
        value:
          (SECRET_NAME.test(name) || (isNamed && VALUE_KEY.test(name))) && value !== undefined && value !== null
            ? HIDDEN
            : copyOf(value, seen),
        enumerable: true,
        configurable: true,
        writable: true,
      });
    }
    return copy;
  }

  function copyOf(value: unknown, seen: Map<object, unknown>): unknown {
    try {
      return readableCopyOf(value, seen);
    } catch {
      // Of what is logged nobody knows what it is: a getter that throws, an object that only looks like a URL or a Map.
      return "[unreadable]";
    }
  }

  function readableCopyOf(value: unknown, seen: Map<object, unknown>): unknown {
    if (typeof value === "string") return text(value);
    if (typeof value === "symbol" || typeof value === "function") return text(String(value));
    if (typeof value !== "object" || value === null) {
      return typeof value === "number" || typeof value === "bigint" ? number(value) : value;
    }
    const done = seen.get(value);
    if (done !== undefined) return done;
    if (value instanceof Date) return value;
    if (value instanceof URL || value instanceof URLSearchParams) return text(String(value));
    if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `[${value.byteLength} bytes]`;
    if (depth >= MAX_DEPTH) return "[deep]";
    seen.set(value, "[circular]");
    depth += 1;
    try {
      const copy = containerOf(value, seen);
      seen.set(value, copy);
      return copy;
    } finally {
      depth -= 1;
    }
  }

  /** A secret can be all digits, and then comes along as a number too. */
  function number(value: number | bigint): unknown {
    return hideKnown(String(value)) === HIDDEN ? HIDDEN : value;
  }

  function containerOf(value: object, seen: Map<object, unknown>): unknown {
    if (Array.isArray(value) || value instanceof Set) return Array.from(value, (item) => copyOf(item, seen));
    if (value instanceof Map || value instanceof Headers) return fields(value.entries(), seen);
    const own = Object.entries(value);
    if (!(value instanceof Error)) return fields(own, seen);
    const { name, message, stack, cause } = value;
    const errors = value instanceof AggregateError ? [["errors", value.errors] as [string, unknown]] : [];
    return fields([["name", name], ["message", message], ["stack", stack], ...own, ["cause", cause], ...errors], seen);
  }

  return {
    learn(token) {
      if (!token || tokens.has(token)) return;
      stringRule(token, "The token to learn");
      tokens.set(token, secretHider([token]));
      const [oldest] = tokens.size > TOKENS ? tokens.keys() : [];
      if (oldest) tokens.delete(oldest);
    },
    text,
    value: (value) => copyOf(value, new Map()),
  };
}
