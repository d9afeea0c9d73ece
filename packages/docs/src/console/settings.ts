/** Where the calls of a page go, and which connection its samples are for. */
export type Target = "sandbox" | "mock" | "own";

/** What the reader set: their own connection, and the target. */
export interface ReaderSettings {
  target: Target | undefined;
  baseUrl: string;
  marketplace: string;
  username: string;
  password: string;
  subscriptionKey: string;
  token: string;
}

const KEY = "imcloud-settings";

const EMPTY: ReaderSettings = {
  target: undefined,
  ...{ baseUrl: "", marketplace: "", username: "", password: "", subscriptionKey: "", token: "" },
};

/**
 * What only this tab keeps, until it is closed: on a host that serves other people's pages too, what a browser keeps for good can be read by
 * theirs.
 */
const SECRETS = ["password", "subscriptionKey", "token"] as const;

const readFrom = (storage: Storage): Partial<ReaderSettings> => JSON.parse(storage.getItem(KEY) ?? "{}");

/** What this browser keeps. Nothing of it is sent anywhere but to the base URL, by calls that the reader sends. */
export function readSettings(): ReaderSettings {
  try {
    return { ...EMPTY, ...readFrom(localStorage), ...readFrom(sessionStorage) };
  } catch {
    // Storage can be closed to a page, or hold what another version left.
    return { ...EMPTY };
  }
}

/** Keeps the reader's settings in this browser, and the secrets among them in this tab. */
export function writeSettings(settings: ReaderSettings): void {
  const isSecret = (name: string) => (SECRETS as readonly string[]).includes(name);
  const [secrets, others] = [isSecret, (name: string) => !isSecret(name)].map((isOne) =>
    JSON.stringify(Object.fromEntries(Object.entries(settings).filter(([name]) => isOne(name)))),
  );
  try {
    localStorage.setItem(KEY, String(others));
    sessionStorage.setItem(KEY, String(secrets));
  } catch {
    // They then hold for this page.
  }
}

/** Forgets the reader's settings. */
export function forgetSettings(): void {
  try {
    localStorage.removeItem(KEY);
    sessionStorage.removeItem(KEY);
  } catch {
    // Nothing was kept.
  }
}
