import type { Document, Operation } from "@imcloud/openapi-tools/document";
import { describe, expect, test } from "vitest";
import { MAX_FAULTS } from "../src/validators/fault.ts";
import { validatorSources } from "./validators.ts";

/** A document with one operation, and what it has besides. */
function documentWith(operation: object, components: object = {}): Document {
  const responses = { "200": { description: "Fine" } };
  const get = { operationId: "things_get", summary: "Get", description: "Gets.", responses, ...operation };
  return {
    openapi: "3.1.1",
    info: { title: "Things", version: "1.0.0", description: "" },
    paths: { "/things": { get } },
    components: components as never,
  } as Document;
}

const body = (schema: object) => ({ requestBody: { content: { "application/json": { schema } } } });

describe("validatorSources", () => {
  test("gives a module each for requests, responses and security", () => {
    const names = Object.keys(validatorSources(documentWith({})));
    expect(names).toEqual(expect.arrayContaining(["requests.js", "responses.js", "security.js"]));
  });

  test("has every loop over a message end when enough was found", () => {
    const schema = {
      type: "object",
      properties: { list: { type: "array", items: { type: "array", items: { type: "integer" } } } },
      patternProperties: { "^x_": { type: "integer" } },
      additionalProperties: { type: "object", propertyNames: { maxLength: 5 }, unevaluatedProperties: false },
    };
    const code = validatorSources(documentWith(body(schema)))["requests-body.js"] ?? "";
    const loops = code.match(/for\([^)]*\)\{(?:if\(errors >= \d+\)\{break;\})?/g) ?? [];
    expect(loops.length).toBeGreaterThanOrEqual(5);
    for (const loop of loops) expect(loop).toContain(`{if(errors >= ${MAX_FAULTS}){break;}`);
  });

  test("checks a schema once, however many operations use it", () => {
    const schema = { $ref: "#/components/schemas/Thing" };
    const components = { schemas: { Thing: { type: "object", properties: { name: { maxLength: 77 } } } } };
    const document = documentWith(body(schema), components);
    document.paths["/more"] = {
      post: { ...(document.paths["/things"]?.get as Operation), operationId: "more_create" },
    };
    expect(validatorSources(document)["requests-body.js"]?.match(/> 77/g)).toHaveLength(1);
  });

  test.each<[string, Document, string]>([
    ["OpenAPI 3.0", { ...documentWith({}), openapi: "3.0.3" }, "are made from OpenAPI 3.1; the document is 3.0.3"],
    [
      "a cookie",
      documentWith({ parameters: [{ name: "session", in: "cookie", schema: {} }] }),
      'things_get: the validators do not read cookies such as "session"',
    ],
    [
      "a style that the place does not have",
      documentWith({ parameters: [{ name: "ids", in: "header", style: "form", schema: {} }] }),
      'cannot read the parameter "ids" in header with style form',
    ],
    [
      "a parameter in XML",
      documentWith({ parameters: [{ name: "filter", in: "query", content: { "application/xml": {} } }] }),
      'can read the parameter "filter" as application/json, not as application/xml',
    ],
    [
      "a body of several parts",
      documentWith({ requestBody: { content: { "multipart/form-data": { schema: {} } } } }),
      "cannot read multipart/form-data",
    ],
    [
      "a reference out of the document",
      documentWith(body({ $ref: "https://schemas.example/thing.json" })),
      'cannot follow the reference "https://schemas.example/thing.json"',
    ],
    [
      "a security scheme of another kind",
      documentWith({ security: [{ Digest: [] }] }, { securitySchemes: { Digest: { type: "http", scheme: "digest" } } }),
      'do not know the security scheme "Digest" of type http digest',
    ],
    ["a keyword with a value of another kind", documentWith(body({ maxLength: "5" })), "schema is invalid"],
    ["a keyword that nobody knows", documentWith(body({ maxLenght: 5 })), 'unknown keyword: "maxLenght"'],
    [
      "a format that nobody knows",
      documentWith(body({ type: "string", format: "datetime" })),
      'unknown format "datetime"',
    ],
  ])("refuses %s, which it could not check", (_what, document, message) => {
    expect(() => validatorSources(document)).toThrow(message);
  });
});
