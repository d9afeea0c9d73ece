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

/** What this browser keeps. Nothing of it is sent anywhere but to the base URL, by calls that the reader sends. */
export function readSettings(): ReaderSettings {
  try {
    return { ...EMPTY, ...JSON.parse(localStorage.getItem(KEY) ?? "{}") };
  } catch {
    // Storage can be closed to a page, or hold what another version left.
    return { ...EMPTY };
  }
}

/** Keeps the reader's settings in this browser. */
export function writeSettings(settings: ReaderSettings): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(settings));
  } catch {
    // They then hold for this page.
  }
}

/** Forgets the reader's settings. */
export function forgetSettings(): void {
  try {
    localStorage.removeItem(KEY);
  } catch {
    // Nothing was kept.
  }
}
