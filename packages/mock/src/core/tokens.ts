import type { Token } from "@imcloud/spec";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import demoCredentials from "../../credentials.json" with { type: "json" };
import { DomainError } from "./domain/errors.ts";
import type { KeptTokens } from "./store/persistence.ts";

/** The credentials of the mock. They are the same in every mock, and no secret. */
export interface MockCredentials {
  username: string;
  password: string;
  subscriptionKey: string;
  /** The marketplace to sign in at. The mock accepts every code in its list. */
  marketplace: string;
  /** The client id for the OAuth 2 password grant. */
  clientId: string;
  /** The client secret for the OAuth 2 password grant. */
  clientSecret: string;
}

export const credentials: MockCredentials = demoCredentials;

/**
 * The codes of the marketplaces: those that real clients use (FLD-16), and those of countries with terms of their own
 * (DIST-02).
 */
export const MARKETPLACES: readonly string[] = [
  ...["us", "ca", "mx", "br", "la", "nl", "uk", "fr", "de", "it", "es", "se", "be", "at", "ch", "me", "tr"],
  ...["au", "nz", "sg", "hk", "in", "my", "eu", "stg"],
];

/** Seconds that a token lives (AUTH-05). */
export const TOKEN_LIFETIME = 1500;

const bearerOf = (authorization: string | undefined) => /^bearer\s+(\S+)$/i.exec(authorization ?? "")?.[1];

const base64Url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

const encoded = (value: object): string => base64Url(utf8ToBytes(JSON.stringify(value)));

/** What a refresh token says that it is (as Keycloak's do). */
export const REFRESH = "Refresh";

/** Whether a token that was issued here is one to get others with. */
function isRefreshToken(token: string): boolean {
  const payload = token.split(".")[1] ?? "";
  const text = decodeBase64(payload.replaceAll("-", "+").replaceAll("_", "/"));
  return text.includes(`"typ":"${REFRESH}"`);
}

const randomHex = (length: number): string => bytesToHex(crypto.getRandomValues(new Uint8Array(length)));

/** The most valid tokens at a time. */
const MAX_TOKENS = 10_000;

/** The tokens that a mock has issued. They expire by its clock. */
export class Tokens {
  readonly #now: () => number;
  /** Made on first use, as workers give no random numbers before their first request. */
  #key: Uint8Array | undefined;
  readonly #expiries: Map<string, number>;
  readonly #kept: KeptTokens | undefined;
  /** Those that get others, and that no other call takes. */
  readonly #refreshTokens: Set<string>;

  /**
   * @param now the time on the mock's clock, in milliseconds since 1970
   * @param kept saves them across restarts
   */
  constructor(now: () => number, kept?: KeptTokens) {
    this.#now = now;
    this.#kept = kept;
    this.#expiries = new Map(kept?.load());
    this.#refreshTokens = new Set([...this.#expiries.keys()].filter(isRefreshToken));
  }

  /**
   * Signs in at a marketplace.
   * @throws {@link DomainError} for an unknown marketplace
   */
  issue(marketplace: string): Token {
    if (!MARKETPLACES.includes(marketplace)) {
      throw new DomainError(
        400,
        `There is no marketplace "${marketplace}" here; there are ${MARKETPLACES.join(", ")}. It is the sub-domain of the control panel's address`,
      );
    }
    return { token: this.grant({ marketplace }), expiresInSeconds: TOKEN_LIFETIME };
  }

  /** Issues a token: a JWT of some 400 characters with a session, as the platform's are (AUTH-06). */
  grant(claims: object): string {
    const now = this.#now();
    for (const [token, expiry] of this.#expiries) if (expiry <= now) this.#drop(token);
    const issuedAt = Math.floor(now / 1000);
    const payload = {
      ...{ sub: credentials.username, iat: issuedAt, exp: issuedAt + TOKEN_LIFETIME, jti: crypto.randomUUID() },
      ...{ ...claims, session: `JSESSIONID=${randomHex(32)}` },
    };
    const content = `${encoded({ alg: "HS256", typ: "JWT" })}.${encoded(payload)}`;
    this.#key ??= crypto.getRandomValues(new Uint8Array(32));
    const token = `${content}.${base64Url(hmac(sha256, this.#key, utf8ToBytes(content)))}`;
    const expiry = now + TOKEN_LIFETIME * 1000;
    this.#expiries.set(token, expiry);
    if ("typ" in claims && claims.typ === REFRESH) this.#refreshTokens.add(token);
    this.#kept?.keep(token, expiry);
    // On a stopped clock no token expires, so the oldest is dropped.
    const [oldest] = this.#expiries.size > MAX_TOKENS ? this.#expiries.keys() : [];
    if (oldest) this.#drop(oldest);
    return token;
  }

  accepts(authorization: string | undefined): boolean {
    // A fast path for the usual form, as matching blanks in 400 characters is slow.
    const plain = authorization?.startsWith("Bearer ") ? authorization.slice(7) : "";
    const token = this.#expiries.has(plain) ? plain : (bearerOf(authorization) ?? "");
    return this.#isValid(token) && !this.#refreshTokens.has(token);
  }

  /** Whether others can be had for a token. */
  acceptsRefresh(token: string): boolean {
    return this.#isValid(token) && this.#refreshTokens.has(token);
  }

  #isValid(token: string): boolean {
    return (this.#expiries.get(token) ?? 0) > this.#now();
  }

  /** Revokes a token. */
  revoke(authorization: string | undefined): void {
    this.#drop(bearerOf(authorization) ?? "");
  }

  #drop(token: string): void {
    this.#refreshTokens.delete(token);
    if (this.#expiries.delete(token)) this.#kept?.drop(token);
  }
}

/** Decodes Base64 of UTF-8; an empty text if it is invalid. */
function decodeBase64(text: string): string {
  try {
    return new TextDecoder().decode(Uint8Array.from(atob(text), (char) => char.charCodeAt(0)));
  } catch {
    return "";
  }
}

/** The `user:password` of a Basic header; an empty text without one. */
export const basicOf = (authorization: string | undefined): string =>
  decodeBase64(/^basic\s+(\S+)$/i.exec(authorization ?? "")?.[1] ?? "");

/** Whether a Basic header has the mock's user name and password. */
export const isMockUser = (authorization: string | undefined): boolean =>
  basicOf(authorization) === `${credentials.username}:${credentials.password}`;
