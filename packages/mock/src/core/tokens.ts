import type { Token } from "@imcloud/spec";
import { DomainError } from "./domain/errors.ts";

/** What a client needs to use the mock. They are the same in every mock and secret in none. */
export interface MockCredentials {
  username: string;
  password: string;
  subscriptionKey: string;
  marketplace: string;
}

export const credentials: MockCredentials = {
  username: "demo.api",
  password: "demo-password",
  subscriptionKey: "demo-subscription-key",
  marketplace: "se",
};

/** Seconds that a token lives: what installations are known to give. */
const LIFETIME = 1500;

const bearerOf = (authorization: string | undefined) => /^bearer\s+(\S+)$/i.exec(authorization ?? "")?.[1];

/** The tokens that one mock has given out. They expire by its clock. */
export class Tokens {
  readonly #now: () => number;
  readonly #expiries = new Map<string, number>();

  /** @param now the time on the mock's clock, in milliseconds since 1970 */
  constructor(now: () => number) {
    this.#now = now;
  }

  /**
   * Signs in at a marketplace.
   * @throws {@link DomainError} where there is no such marketplace
   */
  issue(marketplace: string): Token {
    if (marketplace !== credentials.marketplace) {
      throw new DomainError(400, `There is no marketplace "${marketplace}" here; use "${credentials.marketplace}"`);
    }
    const now = this.#now();
    for (const [token, expiry] of this.#expiries) if (expiry <= now) this.#expiries.delete(token);
    const token = `mock-${crypto.randomUUID()}`;
    this.#expiries.set(token, now + LIFETIME * 1000);
    return { token, expiresInSeconds: LIFETIME };
  }

  accepts(authorization: string | undefined): boolean {
    return (this.#expiries.get(bearerOf(authorization) ?? "") ?? 0) > this.#now();
  }

  /** Makes a token expire before its time. */
  revoke(authorization: string | undefined): void {
    this.#expiries.delete(bearerOf(authorization) ?? "");
  }
}

/** Decodes Base64 of UTF-8; an empty text for what is none. */
function decodeBase64(encoded: string): string {
  try {
    return new TextDecoder().decode(Uint8Array.from(atob(encoded), (char) => char.charCodeAt(0)));
  } catch {
    return "";
  }
}

/** Whether a Basic header holds the mock's user name and password. */
export function isMockUser(authorization: string | undefined): boolean {
  const encoded = /^basic\s+(\S+)$/i.exec(authorization ?? "")?.[1] ?? "";
  return decodeBase64(encoded) === `${credentials.username}:${credentials.password}`;
}
