import type { Document } from "@imcloud/openapi-tools/document";
import { describe, expect, test } from "vitest";
import { fieldChanges } from "./field-changes.ts";

/** A document with one operation, whose request and response have these properties. */
function documentOf(
  request: object,
  response: object,
  required: { request?: string[]; response?: string[] } = {},
): Document {
  const body = (properties: object, names: string[] = []) => ({
    content: { "application/json": { schema: { type: "object", required: names, properties } } },
  });
  return {
    openapi: "3.1.1",
    info: { title: "T", version: "1.0.0", description: "T." },
    tags: [{ name: "things" }],
    paths: {
      "/things": {
        post: {
          operationId: "things_create",
          tags: ["things"],
          summary: "Create a thing",
          description: "Creates it.",
          requestBody: body(request, required.request),
          responses: { "200": { description: "It.", ...body(response, required.response) } },
        },
      },
    },
    components: {},
  } as unknown as Document;
}

const text = { type: "string" };

describe("fieldChanges", () => {
  test.each([
    ["a field that has to be sent now", documentOf({}, {}), documentOf({ a: text }, {}, { request: ["a"] })],
    [
      "a value that is not taken any more",
      documentOf({ a: { enum: ["x", "y"] } }, {}),
      documentOf({ a: { enum: ["x"] } }, {}),
    ],
    [
      "a bound where there was none",
      documentOf({ a: text }, {}),
      documentOf({ a: { type: "string", maxLength: 3 } }, {}),
    ],
    ["a field that does not come any more", documentOf({}, { a: text }), documentOf({}, {})],
    ["a field that came for sure", documentOf({}, { a: text }, { response: ["a"] }), documentOf({}, { a: text })],
    ["null where there was none", documentOf({}, { a: text }), documentOf({}, { a: { type: ["string", "null"] } })],
    ["another type", documentOf({}, { a: text }), documentOf({}, { a: { type: "number" } })],
  ])("takes %s for breaking", (_what, before, after) => {
    expect(fieldChanges(before, after)).toMatchObject([{ place: "a", isBreaking: true }]);
  });

  test.each([
    ["a field that can be sent now", documentOf({}, {}), documentOf({ a: text }, {})],
    ["null that is taken now", documentOf({ a: text }, {}), documentOf({ a: { type: ["string", "null"] } }, {})],
    [
      "a type more that is taken",
      documentOf({ a: { type: "number" } }, {}),
      documentOf({ a: { type: ["number", "string"] } }, {}),
    ],
    ["a field that comes now", documentOf({}, {}), documentOf({}, { a: text })],
    [
      "a form of a text that comes",
      documentOf({}, { a: text }),
      documentOf({}, { a: { type: "string", format: "uuid" } }),
    ],
  ])("takes %s for an addition", (_what, before, after) => {
    expect(fieldChanges(before, after)).toMatchObject([{ place: "a", isBreaking: false }]);
  });

  test("says a field before and after, and where", () => {
    expect(
      fieldChanges(documentOf({ a: text }, {}), documentOf({ a: { type: "string", deprecated: true } }, {})),
    ).toEqual([
      {
        where: ["POST /things, request"],
        place: "a",
        before: "string",
        after: "string, deprecated",
        isBreaking: false,
      },
    ]);
  });

  test("says nothing of words, and nothing twice that came as a whole", () => {
    const nested = { type: "object", properties: { b: text, c: text } };
    expect(
      fieldChanges(documentOf({ a: text }, {}), documentOf({ a: { ...text, description: "Other words." } }, {})),
    ).toEqual([]);
    expect(fieldChanges(documentOf({}, {}), documentOf({}, { a: nested })).map(({ place }) => place)).toEqual(["a"]);
  });
});
