import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { decisions } from "../../openapi/rules/sources.js";
import { textAt } from "./places.ts";
import { facts } from "./tables.ts";

const all = ["vendor-facts", "field-facts"].flatMap((table) => facts(table));

describe("test/evidence/sources", () => {
  test("has an id, a confidence and text for each fact", () => {
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    expect(all.filter(({ fact, confidence }) => !fact || !confidence)).toEqual([]);
    expect(all.length).toBeGreaterThanOrEqual(190);
  });

  test.each(all.map((row) => [row.id, row] as const))("%s is in the document at the places of its row", (_id, row) => {
    const places = (row["carried by"] ?? "").split(" ; ").filter(Boolean);
    expect(places, "a fact names what carries it").not.toEqual([]);
    for (const entry of places) {
      const [place = "", words = ""] = entry.split(" :: ");
      expect(words, `${place} tells it in words`).not.toBe("");
      expect(textAt(place).includes(words), `${place} says: ${words}`).toBe(true);
    }
  });

  test.each(["document", "mock"] as const)("agrees with the %s, or a decision explains the difference", (column) => {
    const known = decisions();
    const open = all.filter((row) => row[column] !== "=" && !known.includes(String(row[column])));
    expect(open.map(({ id }) => id)).toEqual([]);
  });
});

test("every source of a fact is listed", () => {
  const keys = new Set(facts("fact-sources").flatMap(({ key = "" }) => key.split(" ")));
  const used = facts("vendor-facts").flatMap(({ source = "" }) => source.match(/\b[A-Z]{1,2}\d{0,2}\b/g) ?? []);
  expect(used.filter((key) => !keys.has(key) && !["OK", "NL", "DE"].includes(key))).toEqual([]);
});

describe("openapi/decisions/README.md", () => {
  const index = readFileSync(new URL("../../openapi/decisions/README.md", import.meta.url), "utf8");
  test.each(decisions())("lists decision %s with its state", (number) => {
    const line = index.split("\n").find((text) => text.includes(`(${number}-`)) ?? "";
    const file = /\((\d{4}-[^)]+\.md)\)/.exec(line)?.[1] ?? "";
    const text = readFileSync(new URL(`../../openapi/decisions/${file}`, import.meta.url), "utf8");
    expect(line).toContain(/^# (.*)$/m.exec(text)?.[1]);
    const state = /^(\d{4}-\d\d-\d\d)\. (\w+)\.$/m.exec(text);
    expect(line).toContain(`| ${state?.[2]} | ${state?.[1]} |`);
  });
});
