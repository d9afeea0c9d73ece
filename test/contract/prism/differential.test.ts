import type { Document } from "@imcloud/openapi-tools/document";
import * as ofApi from "@imcloud/spec/validators";
import { describe, expect, test } from "vitest";
import { differences } from "./differences.ts";
import { compare, documents, type Report, type Run } from "./differential.ts";

/** A sample of what `npm run test:prism` compares in full. With this seed, few messages show every reason of the table. */
const SAMPLE = { api: 30, others: 150, seed: 3 };

const all = await documents();

/** The breakable keywords in the schemas of a document. */
function keywordsIn(node: unknown, found = new Set<string>()): Set<string> {
  if (Array.isArray(node)) for (const part of node) keywordsIn(part, found);
  else if (typeof node === "object" && node !== null) {
    for (const [key, value] of Object.entries(node)) {
      if (key === "examples" || key === "example") continue;
      if (BREAKABLE.has(key)) found.add(key);
      keywordsIn(value, found);
    }
  }
  return found;
}

const BREAKABLE = new Set(
  ["type", "enum", "required", "format", "pattern", "minLength", "maxLength", "minimum", "maximum", "anyOf"].concat(
    ["oneOf", "not", "minItems", "maxItems", "uniqueItems", "multipleOf", "exclusiveMinimum", "exclusiveMaximum"],
    ["minProperties", "maxProperties", "const", "contains", "propertyNames", "if"],
  ),
);

const reports = new Map<string, Promise<Report>>();

/** The report of a document, computed once, as several tests read it. */
function reportOf(name: string): Promise<Report> {
  const { api, others, seed } = SAMPLE;
  const run: Run = name === "api" ? { count: api, seed, validators: ofApi } : { count: others, seed };
  const report = reports.get(name) ?? compare(all[name] as Document, run);
  reports.set(name, report);
  return report;
}

describe("validationComponents", () => {
  test.each(Object.entries(all))(
    "judge messages of %s as stock Prism does",
    async (name, document) => {
      const report = await reportOf(name);
      expect(report.unexplained).toEqual([]);
      expect(report.exchanges).toBeGreaterThan(100);
      // Both valid and invalid messages have to be common, or the comparison would show little.
      expect(Math.min(report.valid, report.invalid)).toBeGreaterThan(report.exchanges / 5);
      for (const keyword of keywordsIn(document.components?.schemas)) expect(report.keywords).toContain(keyword);
    },
    120_000,
  );

  test("differ for every reason in the table, and for no other", async () => {
    // Without the API's document: which differences its messages show changes with it.
    const others = Object.keys(all).filter((name) => name !== "api");
    const explained = (await Promise.all(others.map(reportOf))).flatMap((report) => Object.keys(report.explained));
    expect([...new Set(explained)].sort()).toEqual(differences.map((difference) => difference.name).sort());
  }, 120_000);

  test("are caught when they miss an error or report one too many", async () => {
    const lenient = { ...ofApi, validateRequest: () => [] };
    const strict = {
      ...ofApi,
      validateResponse: (): ofApi.Fault[] => [
        { in: "body", pointer: "/nowhere", keyword: "type", message: "must be string" },
      ],
    };
    const { api } = all as Record<"api", Document>;
    const few = { ...api, paths: Object.fromEntries(Object.entries(api.paths).slice(0, 1)) };
    for (const validators of [lenient, strict]) {
      const { unexplained } = await compare(few, { count: 20, seed: 1, validators });
      expect(unexplained.length).toBeGreaterThan(0);
    }
  });
});
