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

/** Hides `"password": "…"` and `password=…`. Each word is looked at once, so that the time is linear. */
function hidePairs(text: string): string {
  let safe = "";
  let done = 0;
  WORD.lastIndex = 0;
  for (let word = WORD.exec(text); word; word = WORD.exec(text)) {
    if (!SECRET_NAME.test(word[0])) continue;
    const end = WORD.lastIndex;
    const separator = matchAt(SEPARATOR, text, end);
    const value = separator && matchAt(VALUE, text, end + separator.length);
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
    const scheme = /[a-z\d+.-]*$/i.exec(run.slice(0, colon));
    return run.slice(0, scheme?.index) + HIDDEN;
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
    for (const [key, value] of entries) {
      const name = typeof key === "string" ? key : String(typeof key === "object" ? "[object]" : key);
      // Object.defineProperty, as a field may be called __proto__.
      Object.defineProperty(copy, text(name), {
        value: SECRET_NAME.test(name) && value !== undefined && value !== null ? HIDDEN : copyOf(value, seen),
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
