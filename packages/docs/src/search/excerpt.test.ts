import { describe, expect, test } from "vitest";
import { excerptOf, piecesOf } from "./excerpt.ts";

describe("excerptOf", () => {
  const text = `${"Something else entirely. ".repeat(20)}The link is a secret: whoever has it can delete the file.`;

  test("shows what matched, at whatever place it stands", () => {
    expect(excerptOf(text, ["secret"])).toMatch(/^….*The link is a secret/);
    expect(excerptOf("A short text.", ["secret"])).toBe("A short text.");
  });

  test("marks the words that matched, with their endings", () => {
    expect(piecesOf("Lists come in pages.", ["page"])).toEqual([
      { text: "Lists come in ", isMatch: false },
      { text: "pages", isMatch: true },
      { text: ".", isMatch: false },
    ]);
  });
});
