const HIDDEN = "[redacted]";

/** Names of fields, headers and form fields whose values are secrets. */
const SECRET_NAME =
  /authorization|cookie|passw|secret|token|subscription-?key|api-?key|signature|credential|downloadurl/i;

/** Words, of which one may be the name of a secret. */
const WORD = /[\w-]+/g;
/** What stands between a name and its value in JSON, also inside a string, in a form, and in a header. */
const SEPARATOR = /\\?["']?\s{0,20}[:=]\s{0,20}/y;
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
const NAMED = /\bname\\*["']\s{0,5}:\s{0,5}\\*["'][^"'\\]{0,80}$/i;
/** What stands between such a name and the `value` beside it. */
const BESIDE = /[^{}]{0,300}?\bvalue\\*["']\s{0,5}:\s{0,5}/iy;

/** Hides `"password": "…"`, `password=…` and `"name": "password", "value": "…"`. Each word is looked at once, so that the time is linear. */
function hidePairs(text: string): string {
  let safe = "";
  let done = 0;
  WORD.lastIndex = 0;
  for (let word = WORD.exec(text); word; word = WORD.exec(text)) {
    if (!SECRET_NAME.test(word[0])) continue;
    const end = WORD.lastIndex;
    const isNamed = NAMED.test(text.slice(Math.max(0, word.index - 120), word.index));
    const separator = matchAt(isNamed ? BESIDE : SEPARATOR, text, end);
    const value = separator && valueAt(text, end + separator.length);
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

/** Addresses with a query or a user in them, which may be signed. */
const hideAddresses = (text: string): string =>
  text.replace(/[^\s"'<>\\]+/g, (run) => {
    const colon = run.indexOf("://");
    if (colon < 0 || !/[?@]/.test(run.slice(colon + 3))) return run;
    // Backwards by hand: a pattern that ends here would begin at each letter anew.
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

/** A secret as it is, and as it stands in JSON and in a URL. */
const formsOf = (secret: string) => [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)];

/** @param secrets hidden wherever they come up, also escaped */
export function createRedactor(secrets: string[]): Redactor {
  // The longest first: hiding a short one inside a long one would leave the rest of it.
  const known = secrets
    .filter(Boolean)
    .flatMap(formsOf)
    .sort((a, b) => b.length - a.length);
  const tokens: string[] = [];

  function text(shown: string): string {
    let safe = shown;
    for (const secret of [...tokens, ...known]) safe = safe.replaceAll(secret, HIDDEN);
    return hidePairs(hideAddresses(hideWebTokens(safe.replace(CREDENTIALS, HIDDEN))));
  }

  function fields(entries: Iterable<[unknown, unknown]>, seen: Map<object, unknown>): Record<string, unknown> {
    const copy: Record<string, unknown> = {};
    const all = [...entries];
    const isNamed = all.some(([key, value]) => key === "name" && typeof value === "string" && SECRET_NAME.test(value));
    for (const [key, value] of all) {
      const name = typeof key === "string" ? key : String(typeof key === "object" ? "[object]" : key);
      // Object.defineProperty, as a field may be called __proto__.
      Object.defineProperty(copy, text(name), {
        value:
          (SECRET_NAME.test(name) || (isNamed && name === "value")) && value !== undefined && value !== null
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
    seen.set(value, "[circular]");
    const copy = containerOf(value, seen);
    seen.set(value, copy);
    return copy;
  }

  /** A secret can be all digits, and then comes along as a number too. */
  function number(value: number | bigint): unknown {
    return known.includes(String(value)) ? HIDDEN : value;
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
      if (token && !tokens.includes(token)) tokens.unshift(token);
      tokens.length = Math.min(tokens.length, TOKENS);
    },
    text,
    value: (value) => copyOf(value, new Map()),
  };
}
