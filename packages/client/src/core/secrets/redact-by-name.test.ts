import { inspect } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRedactor } from "./redact-by-name.ts";

describe("createRedactor", () => {
  describe("text", () => {
    const redactor = createRedactor(['p4ss"wörd']);
    redactor.learn("tok.en");
    test.each([
      ["as it is", 'The password p4ss"wörd is wrong', "The password [redacted] is wrong"],
      ["in JSON", '{"note":"p4ss\\"wörd"}', '{"note":"[redacted]"}'],
      ["in a form", "x=p4ss%22w%C3%B6rd&y=1", "x=[redacted]&y=1"],
      ["as a token that was learned", "Token tok.en has ended", "Token [redacted] has ended"],
      ["in a Bearer header", "authorization: Bearer abc.def-ghi", "authorization: [redacted]"],
      ["in a Basic header", "Basic ZGVtbzpkZW1v", "[redacted]"],
      ["as a web token", "it was eyJhbGciOi.eyJzdWIi.c2lnbmF0", "it was [redacted]"],
      ["in a signed address", "GET https://files.example/r.csv?sig=abc%3D failed", "GET [redacted] failed"],
      ["in an address with a password", "https://user:word@files.example/", "[redacted]"],
      ["in a text of JSON", '{"access_token": "abc", "name": "x"}', '{"access_token": [redacted], "name": "x"}'],
      ["in a text of a form", "grant_type=password&client_secret=abc", "grant_type=password&client_secret=[redacted]"],
    ])("hides a secret %s", (_how, text, shown) => {
      expect(redactor.text(text)).toBe(shown);
    });
  });

  test.each(["a", "1", "se", "a&b", "ä"])(
    "the secret %j, too short to be looked for in texts, is hidden where it is a whole value",
    (secret) => {
      const redactor = createRedactor([secret]);
      const text = `A case of ${secret}, as 1 sees: {"${secret}":"base"}`;
      expect(redactor.text(text)).toBe(text);
      expect(redactor.text(secret)).toBe("[redacted]");
      expect(redactor.text(`{"given":${JSON.stringify(secret)}}`)).toBe('{"given":"[redacted]"}');
      expect(redactor.value({ a: secret, note: `so ${secret}` })).toEqual({ a: "[redacted]", note: `so ${secret}` });
    },
  );

  test("what is no secret is left as it is", () => {
    const redactor = createRedactor(["demo-password"]);
    const value = {
      operation: "orders_get",
      path: "/orders/900301",
      status: 200,
      attempt: 1,
      none: null,
      when: new Date(0),
    };
    expect(redactor.value(value)).toEqual(value);
    expect(redactor.text("GET /orders/900301 200, attempt 1")).toBe("GET /orders/900301 200, attempt 1");
  });

  test("fields are hidden by their names, also in headers", () => {
    const redactor = createRedactor([]);
    const headers = new Headers({ Authorization: "x", "X-Subscription-Key": "y", "Set-Cookie": "z", Accept: "json" });
    expect(redactor.value({ headers, downloadUrl: "u", contact: { Password: "w", login: "l" } })).toEqual({
      headers: {
        accept: "json",
        authorization: "[redacted]",
        "set-cookie": "[redacted]",
        "x-subscription-key": "[redacted]",
      },
      downloadUrl: "[redacted]",
      contact: { Password: "[redacted]", login: "l" },
    });
  });

  const named = { name: "admin_password", value: "S3cretPw!" };
  const several = { secrets: ["one]111", { login: "two222" }], credentials: { login: "a", value: "vvv333" } };

  test.each<[string, unknown]>([
    ["an object", { parameters: [named], ...several }],
    ["JSON", JSON.stringify({ parameters: [named], ...several })],
    ["JSON in JSON", JSON.stringify({ body: JSON.stringify({ parameters: [named], ...several }) })],
    ["JSON that is cut off", JSON.stringify({ parameters: [named], ...several }).slice(0, -4)],
  ])("a value beside a secret's name, and all under a secret's name, is hidden in %s", (_in, value) => {
    const shown = JSON.stringify(createRedactor([]).value(value));
    for (const secret of ["S3cretPw!", "111", "two222", "vvv333"]) expect(shown).not.toContain(secret);
    expect(shown).toContain("admin_password");
  });

  test("a value beside another name is shown", () => {
    const shown = createRedactor([]).text('{"name":"domain","value":"brightwater.example"}');
    expect(shown).toContain("brightwater.example");
  });

  test("what contains itself is shown once", () => {
    const value: Record<string, unknown> = { name: "loop" };
    value.self = value;
    expect(createRedactor([]).value(value)).toEqual({ name: "loop", self: "[circular]" });
  });

  test.each<[string, () => unknown]>([
    ["a function that is no text", () => Object.setPrototypeOf(() => {}, null)],
    ["what only looks like a URL", () => Object.create(URL.prototype)],
    ["what only looks like a Map", () => Object.create(Map.prototype)],
    ["what only looks like Headers", () => Object.create(Headers.prototype)],
    ["what only looks like bytes", () => Object.create(ArrayBuffer.prototype)],
    [
      "a getter that throws",
      () => ({
        get name() {
          throw new Error("not now");
        },
      }),
    ],
    [
      "a proxy that was revoked",
      () => {
        const { proxy, revoke } = Proxy.revocable({}, {});
        revoke();
        return proxy;
      },
    ],
  ])("%s among others is shown as unreadable", (_, make) => {
    const redactor = createRedactor([]);
    expect(redactor.value({ before: 1, odd: make(), after: 2 })).toEqual({ before: 1, odd: "[unreadable]", after: 2 });
    expect(() => redactor.value(new Map([[make(), make()]]))).not.toThrow();
  });

  test("no secret survives any nesting", () => {
    const secret = fc.string({ unit: "grapheme", minLength: 6, maxLength: 24 }).filter((text) => /\S{6}/u.test(text));
    const wraps: ((inner: unknown) => unknown)[] = [
      (inner) => [1, inner],
      (inner) => ({ note: inner }),
      (inner) => new Map([["note", inner]]),
      (inner) => new Set([inner]),
      (inner) => new Error("failed", { cause: inner }),
      (inner) => new Error(typeof inner === "string" ? inner : inspect(inner)),
      (inner) => new AggregateError([inner], "several"),
      (inner) => Object.assign(new Error("failed"), { body: inner }),
      (inner) => (typeof inner === "string" ? `before ${inner} after` : { inner }),
      (inner) => (typeof inner === "string" ? JSON.stringify({ note: inner }) : { inner }),
      (inner) => (typeof inner === "string" ? `a=1&b=${encodeURIComponent(inner)}` : { inner }),
      (inner) => (typeof inner === "string" ? { [inner]: 1 } : { inner }),
      (inner) => (typeof inner === "string" ? new URL(`https://h.example/${encodeURIComponent(inner)}`) : { inner }),
    ];
    fc.assert(
      fc.property(secret, fc.array(fc.nat(wraps.length - 1), { maxLength: 6 }), (hidden, steps) => {
        const value = steps.reduce<unknown>((inner, step) => wraps[step]?.(inner), hidden);
        const shown = createRedactor([hidden]).value(value);
        const printed = `${inspect(shown, { depth: null, maxStringLength: null })} ${JSON.stringify(shown)}`;
        for (const form of [hidden, JSON.stringify(hidden).slice(1, -1), encodeURIComponent(hidden)]) {
          // What was hidden may not be the mark itself.
          if (!"[redacted]".includes(form)) expect(printed).not.toContain(form);
        }
      }),
      // As a field's name, this one leaves an object that nothing can make a text of.
      { numRuns: 500, examples: [["toString", [11, 5]]] },
    );
  });
});
