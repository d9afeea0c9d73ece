import { readFileSync } from "node:fs";
import type { Reference, Schema } from "@imcloud/openapi-tools/document";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { describe, expect, test } from "vitest";
import { document, operations } from "../support/document.ts";

const old = JSON.parse(readFileSync(new URL(import.meta.resolve("@imcloud/spec/openapi-3.0.json")), "utf8"));
const schemas = document.components?.schemas as Record<string, Schema>;

describe("every schema", () => {
  const ajv = new Ajv2020({ strict: true, strictRequired: true });
  addFormats.default(ajv);
  const own = JSON.stringify(document).matchAll(/"(x-[a-z-]+)":/g);
  for (const keyword of new Set([...own].map(([, name]) => String(name)))) ajv.addKeyword(keyword);
  // Where references point to; no keyword of a schema.
  ajv.addKeyword("components");
  ajv.addSchema({ $id: "bundle", components: { schemas } });

  test.each(Object.keys(schemas))("%s compiles in Ajv's strict mode", (name) => {
    expect(() => ajv.compile({ $ref: `bundle#/components/schemas/${name}` })).not.toThrow();
  });
});

describe("the example of a parameter that takes an id", () => {
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
  test.each(ids)("%s is of a thing that an example shows", (_name, { example, schema }) => {
    expect(shown).toContain(`"id":"${example ?? schema.examples?.[0]}"`);
  });
});

describe("the 3.0 form", () => {
  const nodes: Record<string, unknown>[] = [];
  const visit = (node: unknown): void => {
    if (typeof node !== "object" || node === null) return;
    if (!Array.isArray(node)) nodes.push(node as Record<string, unknown>);
    for (const part of Object.values(node)) visit(part);
  };
  visit({ paths: old.paths, schemas: old.components.schemas });
  const targetOf = ({ $ref }: { $ref: string }): Schema => old.components.schemas[$ref.split("/").at(-1) ?? ""];

  test("refers to objects alone, so that no text or choice is wrapped in an allOf", () => {
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

test("no number is so large by its format that generators make it a BigInt", () => {
  expect(JSON.stringify(document)).not.toContain("int64");
});
