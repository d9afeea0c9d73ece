import { inspect } from "node:util";
import { createClient } from "@imcloud/client";
import { createRedactor } from "@imcloud/client/redact";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cpuTime } from "../support/cpu-time.ts";
import { propertyRuns } from "../support/property-runs.ts";
import { clientOptions, failureOf, hostileApi, hostileServer, sendJson } from "./support/hostile-server.ts";

/** The encodings of a secret on the wire. */
const ENCODINGS: Record<string, (secret: string) => string> = {
  raw: (secret) => secret,
  json: (secret) => JSON.stringify(secret).slice(1, -1),
  "json twice": (secret) => JSON.stringify(JSON.stringify(secret)).slice(1, -1),
  "json in ascii": (secret) =>
    JSON.stringify(secret)
      .slice(1, -1)
      .replace(/[^ -~]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`),
  uri: encodeURIComponent,
  "uri in lower case": (secret) => encodeURIComponent(secret).replace(/%../g, (code) => code.toLowerCase()),
  "uri twice": (secret) => encodeURIComponent(encodeURIComponent(secret)),
  form: (secret) => new URLSearchParams({ a: secret }).toString().slice(2),
  xml: (secret) =>
    secret
      .replaceAll("&", "&amp;")
      .replaceAll("<", "&lt;")
      .replaceAll(">", "&gt;")
      .replaceAll('"', "&quot;")
      .replaceAll("'", "&#39;"),
  base64: (secret) => Buffer.from(secret).toString("base64"),
  base64url: (secret) => Buffer.from(secret).toString("base64url"),
};

/** Places where only the value identifies a secret. */
const PLACES: Record<string, (secret: string) => string> = {
  alone: (secret) => secret,
  sentence: (secret) => `The call with ${secret} failed.`,
  path: (secret) => `GET /things/${secret}/parts 404`,
  query: (secret) => `/things?a=1&b=${secret}&c=2`,
  "relative location": (secret) => `Location: ../files/${secret}/a.csv?x=${secret}`,
  "escaped link": (secret) => `{"link":"https:\\/\\/files.example\\/${secret}"}`,
  json: (secret) => `{"things":[{"a":"${secret}"}]}`,
  xml: (secret) => `<a><b c="${secret}">${secret}</b></a>`,
  header: (secret) => `x-thing: ${secret}`,
};

const secretText = fc.oneof(
  fc.string({ minLength: 8, maxLength: 40, unit: "grapheme" }),
  fc.string({ minLength: 8, maxLength: 40 }),
  fc.constantFrom(
    "p4ss/w+rd=&<\"'>\\ š",
    "ünï💥cødé-secret",
    "a'b!c(d)e*f~g",
    "%41%42%43%44",
    "line\nbreak\tsecret",
    "$&$1$`-secret",
  ),
);

describe("own secrets", () => {
  test.each(Object.keys(ENCODINGS))("are removed from text in the encoding %s, at any place", (encoding) => {
    fc.assert(
      fc.property(
        secretText.filter((secret) => secret.trim().length >= 8),
        (secret) => {
          const written = (ENCODINGS[encoding] as (secret: string) => string)(secret);
          const redactor = createRedactor([secret]);
          for (const place of Object.values(PLACES)) {
            const text = redactor.text(place(written));
            expect(text).not.toContain(written);
            expect(text).not.toContain(secret);
          }
          const value = redactor.value({ a: [written], [written]: 1, b: new Map([["k", new Error(written)]]) });
          expect(inspect(value, { depth: 9 })).not.toContain(written);
        },
      ),
      propertyRuns(40),
    );
  });

  test("are hidden in errors where a server repeats them, for every way of calling", async () => {
    const secrets = ["p4ss word", "k3y-of-the-gateway", "t0ken-of-the-session"];
    for (const encode of Object.values(ENCODINGS)) {
      const message = secrets.map((secret) => `${secret} and ${encode(secret)}`).join("; ");
      const { imcloud } = await hostileApi((_, response) =>
        sendJson(response, { message, correlationId: message }, 400),
      );
      const errors = [
        await failureOf(imcloud.customers.get("1")),
        await failureOf(imcloud.request("GET", "/a")),
        await failureOf(imcloud.orders.create({ type: "sales" } as never)),
        (await imcloud.http.GET("/customers")).error,
      ];
      for (const error of errors) {
        const shown = `${inspect(error, { depth: 9 })} ${JSON.stringify(error)} ${(error as Error).message}`;
        for (const secret of secrets) {
          expect(shown).not.toContain(secret);
          expect(shown).not.toContain(JSON.stringify(encode(secret)).slice(1, -1));
        }
      }
    }
  });

  test("are hidden in the refusal of a sign-in", async () => {
    const message = `wrong password p4ss word, ${Buffer.from("someone.api:p4ss word").toString("base64")}, k3y-of-the-gateway`;
    const { url } = await hostileServer((_, response) => sendJson(response, { message, error: message }, 401));
    const oauth2 = {
      url,
      username: "someone.api",
      password: "p4ss word",
      clientId: "c",
      clientSecret: "cl1ent-s3cret",
    };
    for (const auth of [{ username: "someone.api", password: "p4ss word" }, { oauth2 }]) {
      const error = await failureOf(createClient(clientOptions(url, { auth })).customers.list());
      expect(inspect(error, { depth: 9 })).not.toMatch(/p4ss word|k3y-of/);
    }
  });

  test("are not in errors about an invalid header", async () => {
    const { imcloud } = await hostileApi((_, response) => sendJson(response, {}));
    const bad = "s3cret-value\nwith a break";
    imcloud.use((request, next) => next({ ...request, headers: { ...request.headers, "x-late": bad } }), {
      around: "attempt",
    });
    const errors = [
      await failureOf(imcloud.customers.get("1", { headers: { "x-own": bad } })),
      await failureOf(imcloud.customers.get("1")),
      await failureOf(imcloud.orders.create({ type: "sales" } as never)),
    ];
    for (const error of errors) expect(inspect(error, { depth: 9 })).not.toContain("s3cret-value");
  });
});

/** Names of fields with secret values. */
const NAMES = [
  ..."password Password newPassword passwd pwd userPwd PWD otp OTP totp pin sessionId JSESSIONID session_token secret clientSecret".split(
    " ",
  ),
  ..."api_key apiKey X-Api-Key access_key privateKey private-key token refresh_token id_token jwt sig signature X-Amz-Signature".split(
    " ",
  ),
  ..."authorization cookie Set-Cookie credential credentials passphrase subscriptionKey Ocp-Apim-Subscription-Key downloadUrl".split(
    " ",
  ),
];

/** Places where the name identifies a secret. */
const NAMED_PLACES: Record<string, (name: string, value: string) => string> = {
  json: (name, value) => `{"${name}":"${value}"}`,
  "json in json": (name, value) =>
    JSON.stringify({ body: JSON.stringify({ inner: JSON.stringify({ [name]: value }) }) }),
  array: (name, value) => `{"${name}":["${value}","${value}"]}`,
  "object under it": (name, value) => `{"${name}":{"a":"${value}","b":["${value}"]}}`,
  pair: (name, value) => `{"name":"${name}","value":"${value}"}`,
  "pair, the value first": (name, value) => `{"value":"${value}","name":"${name}"}`,
  "pair, far apart": (name, value) => `{"name":"${name}","about":"${"x".repeat(900)}","value":"${value}"}`,
  "pair, far apart and the value first": (name, value) =>
    `{"value":"${value}","about":"${"x".repeat(900)}","name":"${name}"}`,
  "pair in json in json": (name, value) => JSON.stringify({ body: JSON.stringify({ value, name }) }),
  "key and value": (name, value) => `{"key":"${name}","value":"${value}"}`,
  form: (name, value) => `a=1&${name}=${value}&b=2`,
  header: (name, value) => `${name}: ${value}`,
  element: (name, value) => `<a><${name}>${value}</${name}></a>`,
  "element with a prefix": (name, value) => `<s:${name} x="1">${value}</s:${name}>`,
  "element with CDATA": (name, value) => `<${name}><![CDATA[${value}]]></${name}>`,
  "elements in it": (name, value) => `<${name}><v>${value}</v></${name}>`,
  attribute: (name, value) => `<a ${name}="${value}"/>`,
  "relative link": (name, value) => `/files/a.csv?a=1&${name}=${value}`,
  "escaped link": (name, value) => `"https:\\/\\/files.example\\/a.csv?${name}=${value}"`,
  "encoded link": (name, value) => `next=https%3A%2F%2Ffiles.example%2Fa.csv%3F${name}%3D${value}%26b%3D2`,
  "encoded relative link": (name, value) => `next=%2Ffiles%2Fa.csv%3F${name}%3D${value}`,
};

describe("values with secret names", () => {
  const value = "zq9XvBnm7";

  test.each(Object.keys(NAMED_PLACES))("are hidden in text: %s", (place) => {
    const redactor = createRedactor([]);
    for (const name of NAMES) {
      const text = (NAMED_PLACES[place] as (name: string, value: string) => string)(name, value);
      expect(redactor.text(`before ${text} behind`), `${name}: ${text.slice(0, 80)}`).not.toContain(value);
    }
  });

  test("are hidden in objects, arrays, maps and pairs, at any depth", () => {
    const redactor = createRedactor([]);
    for (const name of NAMES) {
      const shown = redactor.value([
        { [name]: value, a: { b: [{ [name]: [value, { c: value }] }] } },
        [
          { name, value },
          { value, name },
          { value: [value], Name: name },
          { key: name, value },
        ],
        new Map([[name, value]]),
        { parameters: [{ name, about: "x".repeat(5_000), value }] },
      ]);
      expect(inspect(shown, { depth: 20 }), name).not.toContain(value);
    }
  });

  test("are distinguished from harmless ones, which stay", () => {
    const redactor = createRedactor([]);
    for (const text of [
      "hotpink: 1",
      "shipping: fast",
      "opinion=good",
      "signal: ok",
      "design=new",
      "authority: me",
      "name=Acme",
      "keyboard: de",
    ]) {
      expect(redactor.text(text)).toBe(text);
    }
  });

  test("are found in linear time, and at any depth", () => {
    const redactor = createRedactor(["a secret of some length"]);
    for (const piece of [
      '"value":"',
      '{"value":"a","name":"',
      "<password>",
      "<a:password ",
      '\\"value\\":\\"',
      "https:\\/\\/",
      "%3Fsig%3D",
      "https%3A%2F%2F",
      "sig=",
    ]) {
      const timeOf = (length: number) => {
        const text = piece.repeat(length / piece.length);
        const start = cpuTime();
        redactor.text(text);
        return cpuTime() - start;
      };
      timeOf(20_000);
      const [one, four] = [timeOf(60_000), timeOf(240_000)];
      expect(four, piece).toBeLessThan(Math.max(9 * one, 1_500));
    }
    let deep: unknown = "end";
    for (let at = 0; at < 100_000; at++) deep = [deep];
    expect(() => redactor.value({ deep })).not.toThrow();
  });
});

describe("errors", () => {
  test("print no parameters and no links of failed orders and reports", async () => {
    const { imcloud } = await hostileApi((request, response) =>
      request.url?.startsWith("/orders")
        ? sendJson(response, {
            id: "1",
            status: "error",
            products: [{ parameters: [{ name: "first login", value: "zq9XvBnm7" }] }],
          })
        : sendJson(response, { id: "1", status: "error", downloadUrl: "https://files.example/a?sig=zq9XvBnm7" }),
    );
    for (const error of [await failureOf(imcloud.orders.wait("1")), await failureOf(imcloud.reports.wait("1"))]) {
      expect(inspect(error, { depth: 9 })).not.toContain("zq9XvBnm7");
      expect(JSON.stringify(error)).not.toContain("zq9XvBnm7");
      expect(error.order ?? error.report).toMatchObject({ id: "1" });
    }
  });
});
