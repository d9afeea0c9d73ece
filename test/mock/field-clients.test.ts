import { readFileSync } from "node:fs";
import { type Mock, startMock } from "@imcloud/mock";
import { parse as parseCsv } from "csv-parse/sync";
import { afterEach, describe, expect, test } from "vitest";
import { parse } from "yaml";

interface Call {
  call: string;
  signIn?: "none";
  headers?: Record<string, string>;
  form?: Record<string, string>;
  body?: unknown;
  /** Seconds by which the mock's clock advances before the call. */
  after?: number;
  remember?: Record<string, string>;
  oneOf?: string;
  response: { status: number; body?: unknown; without?: string[]; columns?: string[]; noted?: string[] };
}

interface Flow {
  title: string;
  size?: "small" | "medium";
  signIn?: "basic" | "oauth2" | "none";
  calls: Call[];
}

interface FieldClient {
  client: string;
  what: string;
  /** The path of the base URL, as a user has entered it. */
  base: string;
  marketplace?: string;
  headers?: Record<string, string>;
  flows: Flow[];
}

type Remembered = Record<string, unknown>;

const clients: FieldClient[] = parse(readFileSync(new URL("field-clients.yaml", import.meta.url), "utf8"));

let mock: Mock | undefined;
afterEach(async () => {
  await mock?.close();
  mock = undefined;
});

/** Replaces `${name}` by remembered values, at any depth. */
function fill(value: unknown, remembered: Remembered): unknown {
  if (typeof value === "string") {
    const known = (name: string) => remembered[name] ?? expect.fail(`Nothing is remembered as ${name}.`);
    const whole = /^\$\{(\w+)\}$/.exec(value)?.[1];
    return whole ? known(whole) : value.replace(/\$\{(\w+)\}/g, (_, name: string) => String(known(name)));
  }
  if (Array.isArray(value)) return value.map((item) => fill(item, remembered));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fill(item, remembered)]));
}

const fillText = (text: string, remembered: Remembered) => String(fill(text, remembered));

/** The value at a JSON pointer; the step `*` selects each item of a list. */
function at(body: unknown, [step, ...rest]: string[]): unknown {
  if (step === undefined) return body;
  if (step === "*") return (body as unknown[]).map((item) => at(item, rest));
  return at((body as Record<string, unknown> | undefined)?.[step], rest);
}

const PLACEHOLDERS: Record<string, (value: unknown) => boolean> = {
  number: (value) => typeof value === "number",
  integer: Number.isInteger,
  boolean: (value) => typeof value === "boolean",
  text: (value) => typeof value === "string" && value !== "",
};

/** Fails with the place where a value differs from the data file. */
function check(actual: unknown, wanted: unknown, place: string): void {
  const shown = `${place} is ${JSON.stringify(actual)}`;
  const pattern = typeof wanted === "string" && /^<\/(.*)\/(\w*)>$/.exec(wanted);
  const word = typeof wanted === "string" && /^<(\w+)>$/.exec(wanted)?.[1];
  if (pattern) {
    expect(actual, shown).toMatch(new RegExp(String(pattern[1]), pattern[2]));
  } else if (word) {
    const isSuch = PLACEHOLDERS[word] ?? expect.fail(`The data file has no word <${word}>.`);
    expect(isSuch(actual), `${shown}, which is no ${word}`).toBe(true);
  } else if (typeof wanted !== "object" || wanted === null) {
    expect(actual, shown).toEqual(wanted);
  } else if ("each" in wanted || "some" in wanted) {
    expect(actual, shown).toBeInstanceOf(Array);
    expect((actual as unknown[]).length, shown).toBeGreaterThan(0);
    if ("each" in wanted) {
      (actual as unknown[]).forEach((item, index) => {
        check(item, wanted.each, `${place}/${index}`);
      });
    } else {
      expect(
        (actual as unknown[]).some((item) => isLike(item, wanted.some)),
        `Nothing in ${shown}`,
      ).toBe(true);
    }
  } else {
    expect(actual, shown).toBeInstanceOf(Object);
    for (const [key, value] of Object.entries(wanted)) {
      check((actual as Record<string, unknown>)[key], value, `${place}/${key}`);
    }
  }
}

function isLike(actual: unknown, wanted: unknown): boolean {
  try {
    check(actual, wanted, "");
    return true;
  } catch {
    return false;
  }
}

const formOf = (form: Record<string, string>) => ({
  headers: { "content-type": "application/x-www-form-urlencoded" },
  body: String(new URLSearchParams(form)),
});

const jsonOf = (body: unknown) => ({
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body),
});

/** Replays a client's flow on a mock of its own. */
class Replay {
  readonly #mock: Mock;
  readonly #client: FieldClient;
  readonly #remembered: Remembered;
  #signedIn: Record<string, string> = {};

  constructor(running: Mock, client: FieldClient) {
    this.#mock = running;
    this.#client = client;
    this.#remembered = { ...running.credentials, origin: new URL(running.url).origin };
  }

  async signIn(how: Flow["signIn"]): Promise<void> {
    if (how === "none") return;
    const { username, password, subscriptionKey, marketplace, clientId, clientSecret } = this.#mock.credentials;
    const key = { "x-subscription-key": subscriptionKey };
    const basic = { ...key, authorization: `Basic ${btoa(`${username}:${password}`)}` };
    const token =
      how === "oauth2"
        ? await this.#call({
            call: `POST ${this.#remembered.origin}/auth/realms/marketplace/protocol/openid-connect/token`,
            form: {
              ...{ grant_type: "password", scope: "openid", username, password },
              ...{ client_id: clientId, client_secret: clientSecret },
            },
            response: { status: 200, body: { access_token: "<text>" } },
          })
        : await this.#call({
            call: "POST /token",
            headers: basic,
            body: { marketplace: this.#client.marketplace ?? marketplace },
            response: {
              status: 200,
              body: { token: "<text>", expiresInSeconds: "<number>" },
              ...(this.#client.base.endsWith("/") && { noted: ["//"] }),
            },
          });
    const { token: ofApi, access_token: ofRealm } = token as Record<string, string>;
    this.#signedIn = { ...key, authorization: `Bearer ${ofApi ?? ofRealm}` };
  }

  async play(calls: Call[]): Promise<void> {
    for (const call of calls) {
      if (call.oneOf === undefined) await this.#call(call);
      else await this.#callOneOf(call, this.#remembered[call.oneOf] as unknown[]);
    }
  }

  async #callOneOf(call: Call, values: unknown[]): Promise<void> {
    let failure: unknown;
    for (const one of values) {
      this.#remembered.one = one;
      try {
        await this.#call(call);
        return;
      } catch (error) {
        failure = error;
      }
    }
    throw failure;
  }

  /** Makes a call, checks the response, and returns its body. */
  async #call({ call, signIn, headers = {}, form, body, after = 0, remember = {}, response: wanted }: Call) {
    await this.#mock.advance(after * 1000);
    const [method = "", target = ""] = fillText(call, this.#remembered).split(/ (.*)/);
    const url = target.startsWith("/") ? `${this.#remembered.origin}${this.#client.base}${target}` : target;
    const content = form
      ? formOf(fill(form, this.#remembered) as Record<string, string>)
      : body === undefined
        ? { headers: {} }
        : jsonOf(fill(body, this.#remembered));
    const response = await fetch(url, {
      method,
      ...content,
      headers: {
        ...this.#client.headers,
        ...content.headers,
        // A file's link is signed, so no credentials may be sent there.
        ...(signIn !== "none" && this.#signedIn),
        ...(fill(headers, this.#remembered) as Record<string, string>),
      },
    });
    const text = await response.text();
    expect(response.status, `${call}: ${text.slice(0, 500)}`).toBe(wanted.status);
    if (url.startsWith(this.#mock.url.replace(/marketplace$/, "")))
      this.#checkNotes(call, response.status, wanted.noted ?? []);
    if (wanted.columns) return this.#checkFile(call, text, wanted.columns);
    const data = JSON.parse(text);
    if (wanted.body !== undefined) check(data, fill(wanted.body, this.#remembered), call);
    for (const name of wanted.without ?? []) expect(data, call).not.toHaveProperty(name);
    for (const [name, pointer] of Object.entries(remember)) {
      this.#remembered[name] =
        at(data, pointer.split("/").slice(1)) ?? expect.fail(`${call} gave nothing at ${pointer}.`);
    }
    return data;
  }

  #checkNotes(call: string, status: number, noted: string[]): void {
    const problems = this.#mock.requests().at(-1)?.problems ?? [];
    if (!noted.length && status < 400) expect(problems, call).toEqual([]);
    for (const word of noted) expect(problems.join("\n"), call).toContain(word);
  }

  #checkFile(call: string, text: string, columns: string[]): void {
    const rows: Record<string, string>[] = parseCsv(text, { columns: true, bom: true });
    expect(rows.length, `${call} has no rows`).toBeGreaterThan(0);
    expect(Object.keys(rows[0] ?? {}), call).toEqual(expect.arrayContaining(columns));
  }
}

describe.each(clients.map((client) => [client.client, client.what, client] as const))(
  "%s: %s",
  (_id, _what, client) => {
    test.each(client.flows.map((flow) => [flow.title, flow] as const))("%s", async (_title, flow) => {
      mock = await startMock({ port: 0, speed: 0, size: flow.size ?? "small" });
      const replay = new Replay(mock, client);
      await replay.signIn(flow.signIn);
      await replay.play(flow.calls);
    });
  },
);
