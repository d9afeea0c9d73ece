import { type Auth, type Credentials, isOAuth2, isProvider } from "../auth/auth.ts";
import { isHeaderValue } from "../core/header-value.ts";
import { LONGEST_TIMEOUT } from "../core/time.ts";

/** Refuses options, by their names, whose values are not what they must be. */
export function check(isRight: (value: never) => unknown, what: string, options: object, where = ""): void {
  for (const [name, value] of Object.entries(options)) {
    if (!isRight(value as never)) throw new TypeError(`${where}${name} must be ${what}.`);
  }
}

/** Refuses what is no text. */
export const checkTexts = (texts: object, where?: string) =>
  check((value) => typeof value === "string" && value, "a string that is not empty", texts, where);

/** Refuses what no header can hold; `undefined` passes. */
export const checkHeaders = (values: object) => check((value = " ") => isHeaderValue(value), "ASCII text", values);

/** Refuses what is no address of an API. */
export const checkUrls = (urls: object, where?: string) =>
  check(
    (url: string) => /^https?:[^@?#]+$/i.test(url) && URL.canParse(url),
    "an http or https URL without credentials, query or fragment",
    urls,
    where,
  );

/** Refuses numbers that are not whole, or out of bounds. `undefined` passes. */
export const checkNumbers = (least: number, numbers: object, where?: string) =>
  check(
    (value = least) => Number.isInteger(value) && value >= least && value <= LONGEST_TIMEOUT,
    `a whole number from ${least} to ${LONGEST_TIMEOUT}`,
    numbers,
    where,
  );

/** Refuses what is no way to sign in. */
export function checkAuth(given: Partial<Credentials> | Auth = {}): void {
  const auth = given as Auth;
  if (isProvider(auth)) {
    check((value) => typeof value === "function", "a function", { token: auth.token }, "auth.");
  } else if (isOAuth2(auth)) {
    const { url, username, password, clientId } = auth.oauth2;
    checkUrls({ url: url?.split("?")[0] }, "auth.oauth2.");
    checkTexts({ username, password, clientId }, "auth.oauth2.");
  } else {
    const { username, password } = auth;
    checkTexts({ username, password }, "auth.");
  }
}
