import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Schema } from "@imcloud/openapi-tools/document";
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

/** The schema that an alias of openapi-typescript's stands for: `components['schemas']['Order']`, which it makes as one name. */
function aliasedSchema({ type }: ts.TypeAliasDeclaration): string | undefined {
  if (!ts.isTypeReferenceNode(type) || !ts.isIdentifier(type.typeName)) return undefined;
  return /^components\['schemas'\]\['(.+)'\]$/.exec(type.typeName.text)?.[1];
}

/** Text as a docstring, whatever it holds. */
const docstring = (text: string): string => {
  const lines = text.trim().replaceAll("*/", "*\\/").split("\n");
  return lines.length === 1 ? `* ${lines[0]} ` : `*\n${lines.map((line) => ` * ${line}`.trimEnd()).join("\n")}\n `;
};

/**
 * Gives each named schema its description, which editors show where the name is used, and leaves out the names that nobody asks
 * for: those of parameters, responses and headers, and of what the document does not have.
 */
function namedTypes(nodes: ts.Node[], schemas: Record<string, Schema>): ts.Node[] {
  return nodes.flatMap((node) => {
    if (!ts.isTypeAliasDeclaration(node)) return [node];
    const name = aliasedSchema(node);
    if (name === undefined) return [];
    const { description, deprecated } = schemas[name] ?? {};
    const text = [description, ...(deprecated ? ["@deprecated"] : [])].filter(Boolean).join("\n\n");
    if (text) ts.addSyntheticLeadingComment(node, ts.SyntaxKind.MultiLineCommentTrivia, docstring(text), true);
    return [node];
  });
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
  const schemas = (document.components?.schemas ?? {}) as Record<string, Schema>;
  await writeFile(join(folder, "schema.d.ts"), astToString(namedTypes(ast, schemas)));
}
