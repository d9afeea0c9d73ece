import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import openapiTS, { astToString } from "openapi-typescript";
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
  const ast = await openapiTS(pathToFileURL(join(folder, "openapi.yaml")), {
    rootTypes: true,
    rootTypesNoSchemaPrefix: true,
    transform: (schema) => {
      const values = (schema as { "x-extensible-enum"?: string[] })["x-extensible-enum"];
      return values && openEnum(values);
    },
  });
  await writeFile(join(folder, "schema.d.ts"), astToString(ast));
}
