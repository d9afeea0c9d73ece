import { describe, expect, test } from "vitest";
import { jsonOf, toColumn } from "./values.ts";

describe("jsonOf", () => {
  test.each([
    ["a backslash before u0000", String.raw`a\u0000`, String.raw`a\u0000`],
    ["the character 0", "a\0b", "ab"],
    ["the character 0 after a backslash", "a\\\0b", "a\\b"],
    ["half of a character", "a\ud83d", "a\ufffd"],
    ["the other half", "\ude00a", "\ufffda"],
    ["both halves", "a\u{1f600}", "a\u{1f600}"],
    ["escapes", '\\"\n\u0001\\ud83d', '\\"\n\u0001\\ud83d'],
  ])("keeps %s as JSON that every engine takes", (_what, given, kept) => {
    expect(JSON.parse(jsonOf({ [given]: given }))).toEqual({ [kept]: kept });
  });
});

describe("toColumn", () => {
  test.each([
    ["timestamp", "9999-12-31T23:59:59-12:00", null],
    ["timestamp", "0001-01-01T00:00:00+01:00", null],
    ["timestamp", "0001-01-01T00:00:00", "0001-01-01T00:00:00.000Z"],
    ["timestamp", "9999-12-31", "9999-12-31T00:00:00.000Z"],
    ["date", "0000-01-01", null],
    ["date", "0001-01-01", "0001-01-01"],
    ["integer", [], null],
    ["integer", " ", null],
    ["integer", "12", 12],
    ["real", true, null],
    ["real", "1.5", 1.5],
    ["text", "a\ud83d", "a\ufffd"],
  ] as const)("keeps of a %s %j what it is, or nothing", (kind, value, column) => {
    expect(toColumn(kind, value)).toBe(column);
  });
});
