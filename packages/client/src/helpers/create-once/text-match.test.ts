import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { numRuns } from "../../testing-runs.ts";
import { isRecognizable, matchText } from "./text-match.ts";

/** What servers are known to do to a text that they keep, without losing any of it. */
const FORMS: [name: string, keep: (text: string) => unknown][] = [
  ["in upper case", (text) => text.toUpperCase()],
  ["in lower case", (text) => text.toLowerCase()],
  ["in Turkish upper case", (text) => text.toLocaleUpperCase("tr")],
  ["in NFC", (text) => text.normalize("NFC")],
  ["in NFD", (text) => text.normalize("NFD")],
  ["in NFKC", (text) => text.normalize("NFKC")],
  ["trimmed", (text) => text.trim()],
  ["with its white space collapsed", (text) => text.replace(/\s+/g, " ")],
  ["without its white space", (text) => text.replace(/\s+/g, "")],
  ["padded with spaces", (text) => text.padEnd(64)],
  ["without its punctuation", (text) => text.replace(/\p{P}/gu, "")],
  ["with HTML's entities", (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;")],
];

/** Any code point but the surrogates. Not fast-check's unit "binary", which takes a second to be made. */
const codePoints = fc
  .integer({ min: 0, max: 0x10ffff - 0x800 })
  .map((code) => String.fromCodePoint(code < 0xd800 ? code : code + 0x800));

const texts = fc
  .oneof(
    fc.string({ unit: "grapheme", minLength: 1, maxLength: 40 }),
    fc.string({ unit: codePoints, minLength: 1, maxLength: 40 }),
    fc.stringMatching(/^[A-Za-z]{1,4}[-_/ ]\d{1,10}$/),
    fc.nat().map(String),
  )
  .filter(isRecognizable);

describe("matchText", () => {
  test.each(FORMS)("knows any text that a server keeps %s", (_form, keep) => {
    fc.assert(
      fc.property(texts, (sent) => {
        expect(matchText(sent, keep(sent))).toMatch(/^(exact|alike)$/);
      }),
      numRuns(200),
    );
  });

  test("knows any text that a server cuts to a length, or the part of it that is left", () => {
    fc.assert(
      fc.property(texts, fc.nat(40), (sent, length) => {
        expect(matchText(sent, sent.slice(0, length))).toMatch(/^(exact|alike|partial|missing)$/);
      }),
      numRuns(200),
    );
  });

  test("knows a number with other zeros, as a number, or rounded", () => {
    expect(matchText("1001", "0000001001")).toBe("alike");
    expect(matchText("T-0012", "t12")).toBe("alike");
    expect(matchText("T-1-001", "T1001")).toBe("alike");
    expect(matchText("12.50", 12.5)).toBe("alike");
    expect(matchText("1001", 1001)).toBe("alike");
    expect(matchText("12345678901234567890", Number("12345678901234567890"))).toBe("partial");
    expect(matchText("12345678901234567890", "12345678901234567891")).toBe("partial");
  });

  test("knows a text whose letters a server could not keep", () => {
    expect(matchText("Beställning 12", "Best?llning 12")).toBe("partial");
    expect(matchText("Beställning 12", "BestÃ¤llning 12")).toBe("alike");
    expect(matchText("Beställning 12", "Bestaellning 12")).toBe("partial");
    expect(matchText("Заказ 12", "????? 12")).toBe("partial");
    expect(matchText("Заказ", "?????")).toBe("missing");
  });

  test.each([
    ["T-1001", "T-1002"],
    ["T-1001", "T-1010"],
    ["crm-77", "crm-78"],
    ["1001", "1002"],
    ["Ö-12", "Ö-13"],
  ])("tells %s and %s apart", (sent, kept) => {
    expect(matchText(sent, kept)).toBe("different");
  });

  test("does not compare what is no text", () => {
    for (const kept of [undefined, null, "", "  ", "–", true, {}]) expect(matchText("T-1", kept)).toBe("missing");
  });
});

test.each(["", "  ", "---", "\u200b", "\u0301", "\ud800", "T-\udc00", "🚀"])("%j is not recognizable", (text) => {
  expect(isRecognizable(text)).toBe(false);
});
