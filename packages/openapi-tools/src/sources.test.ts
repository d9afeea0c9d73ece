import { describe, expect, test } from "vitest";
import type { Document } from "./document.ts";
import { sourceSentence, withSources } from "./sources.ts";

describe("sourceSentence", () => {
  test.each([
    [{ certainty: "live", facts: ["FLD-06"] }, "Seen live (FLD-06)."],
    [{ certainty: "guide" }, "Only in the integration guide."],
    [
      { certainty: "assumed", facts: ["ORD-38"], decision: "0007" },
      "Assumed by this project; no source says it (ORD-38, decision 0007).",
    ],
    [{ certainty: "vendor", facts: ["AUTH-08"] }, undefined],
  ] as const)("says of %o what a reader needs", (source, sentence) => {
    expect(sourceSentence({ ...source, facts: "facts" in source ? [...source.facts] : [] })).toBe(sentence);
  });
});

describe("withSources", () => {
  const schemas = {
    Estimate: {
      description: "What an order would cost.",
      "x-source": { certainty: "assumed", facts: ["ORD-38"], decision: "0007" },
    },
    Money: { description: "An amount.", "x-source": { certainty: "vendor", facts: ["AUTH-08"] } },
  };
  const document = { openapi: "3.1.1", paths: {}, components: { schemas } } as unknown as Document;

  test("ends descriptions with the source, and leaves the document as it was", () => {
    const before = JSON.stringify(document);
    expect(withSources(document).components?.schemas).toMatchObject({
      Estimate: {
        description: "What an order would cost. Assumed by this project; no source says it (ORD-38, decision 0007).",
      },
      Money: { description: "An amount." },
    });
    expect(JSON.stringify(document)).toBe(before);
  });
});
