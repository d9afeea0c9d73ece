import { describe, expect, test } from "vitest";
import { document } from "../../../test/support/document.ts";
import { sourceSentence, withSources } from "./sources.ts";

describe("sourceSentence", () => {
  test.each([
    [{ certainty: "live", facts: ["FLD-06"] }, "_Seen live (FLD-06)._"],
    [{ certainty: "guide" }, "_Only in the integration guide._"],
    [
      { certainty: "assumed", facts: ["ORD-38"], decision: "0007" },
      "_Assumed by this project; no source says it (ORD-38, decision 0007)._",
    ],
    [{ certainty: "vendor", facts: ["AUTH-08"] }, undefined],
  ] as const)("says of %o what a reader needs", (source, sentence) => {
    expect(sourceSentence({ ...source, facts: "facts" in source ? [...source.facts] : [] })).toBe(sentence);
  });
});

describe("withSources", () => {
  test("ends descriptions with the source, and leaves the document as it was", () => {
    const before = JSON.stringify(document);
    const { components } = withSources(document);
    const schemas = components?.schemas as Record<string, { description: string }>;
    expect(schemas.OrderEstimate?.description).toMatch(/\. _Assumed by this project; no source says it \(.*0007\)\._$/);
    expect(schemas.Money?.description).not.toContain("_");
    expect(JSON.stringify(document)).toBe(before);
  });
});
