import { randomUUID } from "node:crypto";
import type { Token } from "@imcloud/spec";
import { Refusal } from "../rules/refusal.ts";

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

/** The tokens that one mock has given out. They end by its clock. */
export class Tokens {
  readonly #now: () => number;
  readonly #ends = new Map<string, number>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /**
   * Signs in at a marketplace.
   * @throws Refusal where there is no such marketplace
   */
  issue(marketplace: string): Token {
    if (marketplace !== credentials.marketplace) {
      throw new Refusal(400, `There is no marketplace "${marketplace}" here; use "${credentials.marketplace}"`);
    }
    const now = this.#now();
    for (const [token, end] of this.#ends) if (end <= now) this.#ends.delete(token);
    const token = `mock-${randomUUID()}`;
    this.#ends.set(token, now + LIFETIME * 1000);
    return { token, expiresInSeconds: LIFETIME };
  }

  accepts(authorization: string | undefined): boolean {
    return (this.#ends.get(bearerOf(authorization) ?? "") ?? 0) > this.#now();
  }

  /** Ends a token before its time. */
  end(authorization: string | undefined): void {
    this.#ends.delete(bearerOf(authorization) ?? "");
  }
}

/** Whether a Basic header holds the mock's user name and password. */
export function isMockUser(authorization: string | undefined): boolean {
  const encoded = /^basic\s+(\S+)$/i.exec(authorization ?? "")?.[1] ?? "";
  return Buffer.from(encoded, "base64").toString("utf8") === `${credentials.username}:${credentials.password}`;
}
