import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Document, endpointsOf, type Schema, variantsOf } from "@imcloud/openapi-tools/document";
import { mapSchema, reachedComponents, schemasOf } from "@imcloud/openapi-tools/schema-walker";
import { withSources } from "@imcloud/openapi-tools/sources";
import openapiTS, { astToString, type OpenAPI3 } from "openapi-typescript";
import ts from "typescript";
import { nameSchemas, variantsSource } from "./named-types.ts";

const { factory } = ts;

/** `"a" | "b" | (string & {})`: editors offer the known values, and a new one is no error. */
function openEnum(values: string[]): ts.TypeNode {
  const known = values.map((value) => factory.createLiteralTypeNode(factory.createStringLiteral(value)));
  const anyString = factory.createParenthesizedType(
    factory.createIntersectionTypeNode([
      factory.createKeywordTypeNode(ts.SyntaxKind.StringKeyword),
      factory.createTypeLiteralNode([]),
    ]),
  );
  return factory.createUnionTypeNode([...known, anyString]);
}

/** The component schemas that are only in what is sent. */
function sentSchemas(document: Document): Set<string> {
  const endpoints = endpointsOf(document);
  const responses = endpoints.flatMap(({ operation: { requestBody: _, ...operation }, ...endpoint }) =>
    schemasOf(document, { ...endpoint, parameters: [], operation }),
  );
  const received = reachedComponents(document, responses);
  const all = reachedComponents(
    document,
    endpoints.flatMap((endpoint) => schemasOf(document, endpoint)),
  );
  return new Set([...all].filter((name) => !received.has(name)));
}

/** Without the fields that the document says to leave out of what is sent, so that editors do not offer them. */
function withoutDeprecated(schema: object): object {
  return mapSchema(schema, (part) => {
    const { properties } = part as { properties?: Record<string, { deprecated?: boolean }> };
    if (!properties) return part;
    const kept = Object.entries(properties).filter(([, { deprecated }]) => !deprecated);
    return { ...part, properties: Object.fromEntries(kept) };
  });
}

/** A document as its types show it. */
function shownDocument(document: Document): Document {
  const sent = sentSchemas(document);
  const schemas = Object.entries((document.components?.schemas ?? {}) as Record<string, Schema>).map(
    ([name, schema]) => [name, sent.has(name) ? withoutDeprecated(schema) : schema],
  );
  return { ...document, components: { ...document.components, schemas: Object.fromEntries(schemas) } };
}

/**
 * Writes `schema.d.ts` beside the bundle in `folder`: paths, operations, and a name for each component schema. One with variants is a
 * union, in which each has what it needs.
 */
export async function types(folder: string): Promise<void> {
  const document = shownDocument(withSources(JSON.parse(await readFile(join(folder, "openapi.json"), "utf8"))));
  const ast = await openapiTS(document as unknown as OpenAPI3, {
    rootTypes: true,
    rootTypesNoSchemaPrefix: true,
    // What has a default can be left out of what is sent.
    defaultNonNullable: false,
    transform: (schema) => {
      const values = (schema as { "x-extensible-enum"?: string[] })["x-extensible-enum"];
      return values && openEnum(values);
    },
  });
  const schemas = (document.components?.schemas ?? {}) as Record<string, Schema>;
  const named = nameSchemas(ast, schemas, (name) => variantsOf(name, schemas[name]).length > 0);
  const unions = Object.entries(schemas)
    .map(([name, schema]) => ({ name, schema, variants: variantsOf(name, schema) }))
    .filter(({ variants }) => variants.length > 0)
    .map(({ name, schema, variants }) => variantsSource(name, schema, variants));
  await writeFile(join(folder, "schema.d.ts"), [astToString(named), ...unions].join("\n"));
}
