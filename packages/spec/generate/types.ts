import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { withSources } from "@imcloud/openapi-tools/sources";
import openapiTS, { astToString, type OpenAPI3 } from "openapi-typescript";
import ts from "typescript";

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

/** Writes `schema.d.ts` beside the bundle in `folder`: paths, operations, and a name for each component schema. */
export async function types(folder: string): Promise<void> {
  const document = withSources(JSON.parse(await readFile(join(folder, "openapi.json"), "utf8")));
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
  await writeFile(join(folder, "schema.d.ts"), astToString(ast));
}
