import { randomUUID } from "node:crypto";

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

/** The tokens that one mock has given out. */
export class Tokens {
  readonly #ends = new Map<string, number>();

  issue(seconds: number): string {
    const now = Date.now();
    for (const [token, end] of this.#ends) if (end <= now) this.#ends.delete(token);
    const token = `mock-${randomUUID()}`;
    this.#ends.set(token, now + seconds * 1000);
    return token;
  }

  accepts(authorization: string | undefined): boolean {
    const token = /^bearer\s+(\S+)$/i.exec(authorization ?? "")?.[1];
    return token !== undefined && (this.#ends.get(token) ?? 0) > Date.now();
  }
}

/** Whether a Basic header holds the mock's user name and password. */
export function isMockUser(authorization: string | undefined): boolean {
  const encoded = /^basic\s+(\S+)$/i.exec(authorization ?? "")?.[1] ?? "";
  return Buffer.from(encoded, "base64").toString("utf8") === `${credentials.username}:${credentials.password}`;
}
