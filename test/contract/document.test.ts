import { readFileSync } from "node:fs";
import type { Reference, Schema } from "@imcloud/openapi-tools/document";
import { Ajv } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { describe, expect, test } from "vitest";
import { document, operations } from "../support/document.ts";

const old = JSON.parse(readFileSync(new URL(import.meta.resolve("@imcloud/spec/openapi-3.0.json")), "utf8"));

/** Words of a document that are no keywords of JSON Schema: those of its own, and where references point to. */
const ownWords = (node: object): string[] => [
  "components",
  ...new Set([...JSON.stringify(node).matchAll(/"(x-[a-z-]+)":/g)].map(([, name]) => String(name))),
];

describe.each([
  ["the document", document, new Ajv2020({ strict: true, strictRequired: true }), ownWords(document)],
  // An example of 3.0 has a name of its own.
  ["openapi-3.0.yaml", old, new Ajv({ strict: true, strictRequired: true }), [...ownWords(old), "example"]],
] as const)("schemas of %s", (_form, { components }, ajv, words) => {
  addFormats.default(ajv);
  for (const word of words) ajv.addKeyword(word);
  ajv.addSchema({ $id: "bundle", components: { schemas: components?.schemas } });

  test.each(Object.keys(components?.schemas ?? {}))("%s compiles in Ajv's strict mode", (name) => {
    expect(() => ajv.compile({ $ref: `bundle#/components/schemas/${name}` })).not.toThrow();
  });
});

describe("examples of id parameters", () => {
  const shown = JSON.stringify(document.components?.examples);
  const ids = operations.flatMap(({ id, parameters }) =>
    parameters
      .filter(({ name }) => /id$/i.test(name) && !/^(externalId|X-Client-Id)$/.test(name))
      .map((parameter) => [`${parameter.name} of ${id}`, parameter as typeof parameter & ParameterExamples] as const),
  );
  interface ParameterExamples {
    example?: string;
    schema: Schema & { examples?: string[] };
  }
  test.each(ids)("%s names a thing that an example shows", (_name, { example, schema }) => {
    expect(shown).toContain(`"id":"${example ?? schema.examples?.[0]}"`);
  });
});

describe("openapi-3.0.yaml", () => {
  const nodes: Record<string, unknown>[] = [];
  const visit = (node: unknown): void => {
    if (typeof node !== "object" || node === null) return;
    if (!Array.isArray(node)) nodes.push(node as Record<string, unknown>);
    for (const part of Object.values(node)) visit(part);
  };
  visit({ paths: old.paths, schemas: old.components.schemas });
  const targetOf = ({ $ref }: { $ref: string }): Schema => old.components.schemas[$ref.split("/").at(-1) ?? ""];

  test("has references to object schemas alone, as others would be wrapped in allOf", () => {
    const references = nodes.flatMap((node) => (node as Reference<Schema> as { $ref: string }).$ref ?? []);
    const toSchemas = references.filter((reference) => reference.startsWith("#/components/schemas/"));
    expect(toSchemas.length).toBeGreaterThan(100);
    expect(toSchemas.filter(($ref) => targetOf({ $ref }).type !== "object")).toEqual([]);
  });

  test("has no links, whose parameter `id` is taken for the id of a schema", () => {
    expect(nodes.filter((node) => "links" in node)).toEqual([]);
    expect(JSON.stringify(document.paths)).toContain('"links":');
  });
});

describe("servers", () => {
  test("are plain addresses, and one for any other installation", () => {
    const urls = (document.servers as { url: string }[]).map(({ url }) => url);
    const templates = urls.filter((url) => url.includes("{"));
    expect(templates).toEqual(["https://{host}/{path}"]);
    for (const url of urls) expect(URL.canParse(url.replace(/[{}]/g, ""))).toBe(true);
  });
});

test("no number has a format that generators map to BigInt", () => {
  expect(JSON.stringify(document)).not.toContain("int64");
});
