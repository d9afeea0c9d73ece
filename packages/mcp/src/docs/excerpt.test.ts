import { describe, expect, test } from "vitest";
import { excerpt } from "./excerpt.ts";

const TEXT = ["one", "two", "three", "four and five", "six"].join("\n");

describe("excerpt", () => {
  test("ends with no half of a character", () => {
    expect(excerpt("tool 🛠🛠🛠", ["tool"], 8)).toBe("tool 🛠…");
  });

  test("is the text itself, where that is short enough", () => {
    expect(excerpt(TEXT, ["six"], 100)).toBe(TEXT);
  });

  test("is the first part that has the most of the words", () => {
    expect(excerpt(TEXT, ["four", "five", "one"], 14)).toBe("…four and five…");
    expect(excerpt(TEXT, ["nothing"], 8)).toBe("one\ntwo…");
    expect(excerpt(TEXT, ["six"], 4)).toBe("…six");
  });

  test("cuts a line that is too long itself", () => {
    expect(excerpt("x".repeat(50), ["y"], 10)).toBe(`${"x".repeat(10)}…`);
  });
});
