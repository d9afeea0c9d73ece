import type { Schema, Variant } from "@imcloud/openapi-tools/document";
import ts from "typescript";

const { factory } = ts;

/** The schema that `components["schemas"]["Order"]` stands for. */
function referencedSchema(node: ts.Node): string | undefined {
  if (!ts.isIndexedAccessTypeNode(node) || !ts.isIndexedAccessTypeNode(node.objectType)) return undefined;
  const [root, group, name] = [node.objectType.objectType, node.objectType.indexType, node.indexType].map(textOf);
  return root === "components" && group === "schemas" ? name : undefined;
}

function textOf(node: ts.TypeNode): string | undefined {
  if (ts.isTypeReferenceNode(node) && ts.isIdentifier(node.typeName)) return node.typeName.text;
  return ts.isLiteralTypeNode(node) && ts.isStringLiteral(node.literal) ? node.literal.text : undefined;
}

/** The schema that an alias of openapi-typescript's stands for: `components['schemas']['Order']`, which it makes as one name. */
function aliasedSchema(node: ts.Node): string | undefined {
  if (!ts.isTypeAliasDeclaration(node) || !ts.isTypeReferenceNode(node.type)) return undefined;
  const { typeName } = node.type;
  return ts.isIdentifier(typeName) ? /^components\['schemas'\]\['(.+)'\]$/.exec(typeName.text)?.[1] : undefined;
}

/** Text as a docstring, whatever it holds. */
const docstring = (text: string): string => {
  const lines = text.trim().replaceAll("*/", "*\\/").split("\n");
  return lines.length === 1 ? `* ${lines[0]} ` : `*\n${lines.map((line) => ` * ${line}`.trimEnd()).join("\n")}\n `;
};

/** A copy in which each schema that has a name of its own is referred to by it. */
const byName = <Node extends ts.Node>(node: Node, names: ReadonlySet<string>): Node =>
  ts.transform(node, [
    (context) => (root) => {
      const visit = (each: ts.Node): ts.Node => {
        const name = referencedSchema(each);
        if (name !== undefined && names.has(name)) return factory.createTypeReferenceNode(name);
        return ts.visitEachChild(each, visit, context);
      };
      return ts.visitNode(root, visit) as Node;
    },
  ]).transformed[0] as Node;

const partsOf = (type: ts.TypeNode): readonly ts.TypeNode[] =>
  ts.isIntersectionTypeNode(type)
    ? type.types.map((part) => (ts.isParenthesizedTypeNode(part) ? part.type : part))
    : [type];

/** A property of an interface: `components`, `schemas`, the name of a schema. */
function memberOf(members: readonly ts.TypeElement[], name: string): ts.PropertySignature | undefined {
  return members.filter(ts.isPropertySignature).find(({ name: given }) => "text" in given && given.text === name);
}

/** The types of the schemas, by name, as openapi-typescript makes them: all in one. */
function typesOfSchemas(nodes: readonly ts.Node[]): Map<string, ts.TypeNode> {
  const components = nodes.find((node) => ts.isInterfaceDeclaration(node) && node.name.text === "components");
  const schemas = memberOf((components as ts.InterfaceDeclaration).members, "schemas")?.type as ts.TypeLiteralNode;
  const members = schemas.members.filter(ts.isPropertySignature);
  return new Map(members.map(({ name, type }) => [(name as ts.Identifier).text, type as ts.TypeNode]));
}

/** The name that what all variants of a schema have in common goes by. */
export const baseName = (name: string): string => `${name}Base`;

/**
 * Declares each schema under its own name: an object as an interface, which editors and errors name, where they spell a type out.
 * Leaves out the names that nobody asks for: those of parameters, responses and headers. Each has its description, which editors show
 * where the name is used.
 * @param hasVariants whether a schema is a union, whose declaration is made elsewhere; what its variants share is declared here
 */
export function nameSchemas(
  nodes: readonly ts.Node[],
  schemas: Record<string, Schema>,
  hasVariants: (name: string) => boolean,
): ts.Node[] {
  const names = new Set(nodes.map(aliasedSchema).filter((name) => name !== undefined));
  const types = typesOfSchemas(nodes);

  /** Whether a schema can be extended. */
  function isInterface(type: ts.TypeNode | undefined): boolean {
    if (!type) return false;
    return partsOf(type).every((part) => {
      const name = referencedSchema(part);
      return ts.isTypeLiteralNode(part) || (name !== undefined && isInterface(types.get(name)));
    });
  }

  function declare(name: string): ts.Node {
    const type = types.get(name) as ts.TypeNode;
    const exported = [factory.createModifier(ts.SyntaxKind.ExportKeyword)];
    const parts = partsOf(type);
    const declared = hasVariants(name) ? baseName(name) : name;
    if (!isInterface(type))
      return factory.createTypeAliasDeclaration(exported, declared, undefined, byName(type, names));
    const bases = parts.map(referencedSchema).filter((base) => base !== undefined);
    const members = parts.filter(ts.isTypeLiteralNode).flatMap((part) => [...part.members]);
    const heritage = bases.map((base) =>
      factory.createExpressionWithTypeArguments(factory.createIdentifier(base), undefined),
    );
    return factory.createInterfaceDeclaration(
      exported,
      declared,
      undefined,
      heritage.length ? [factory.createHeritageClause(ts.SyntaxKind.ExtendsKeyword, heritage)] : undefined,
      members.map((member) => byName(member, names)),
    );
  }

  return nodes.flatMap((node) => {
    const name = aliasedSchema(node);
    if (name !== undefined) {
      const declaration = declare(name);
      const { description, deprecated } = schemas[name] ?? {};
      const text = [description, ...(deprecated ? ["@deprecated"] : [])].filter(Boolean).join("\n\n");
      if (text) ts.addSyntheticLeadingComment(declaration, ts.SyntaxKind.MultiLineCommentTrivia, docstring(text), true);
      return [declaration];
    }
    if (ts.isTypeAliasDeclaration(node)) return [];
    return [withSchemasByName(byName(node, names), names)];
  });
}

/** `components`, in which each schema that has a name of its own is that. */
function withSchemasByName(node: ts.Node, names: ReadonlySet<string>): ts.Node {
  if (!ts.isInterfaceDeclaration(node) || node.name.text !== "components") return node;
  const schemas = memberOf(node.members, "schemas") as ts.PropertySignature;
  const members = (schemas.type as ts.TypeLiteralNode).members.filter(ts.isPropertySignature).map((member) => {
    const { text } = member.name as ts.Identifier;
    if (!names.has(text)) return member;
    return factory.createPropertySignature(undefined, member.name, undefined, factory.createTypeReferenceNode(text));
  });
  const named = factory.createPropertySignature(
    undefined,
    "schemas",
    undefined,
    factory.createTypeLiteralNode(members),
  );
  const others = node.members.map((member) => (member === schemas ? named : member));
  return factory.createInterfaceDeclaration(node.modifiers, node.name, undefined, undefined, others);
}

/** The source of a schema that is one of several: an interface for each, and their union. */
export function variantsSource(name: string, { description = name }: Schema, variants: Variant[]): string {
  const base = baseName(name);
  const declarations = variants.map(({ property, value, name: variant, required, isDefault }) => {
    const literal = JSON.stringify(value);
    return [
      `/** ${description} Its \`${property}\` is \`${value}\`${isDefault ? ", also when it is left out" : ""}. */`,
      `export interface ${variant} extends ${base} {`,
      isDefault ? `    ${property}?: ${literal} | null;` : `    ${property}: ${literal};`,
      ...required.map((member) => `    ${member}: NonNullable<${base}[${JSON.stringify(member)}]>;`),
      "}",
    ].join("\n");
  });
  const union = variants.map((variant) => variant.name).join(" | ");
  return [...declarations, `/** ${description} */`, `export type ${name} = ${union};`, ""].join("\n");
}
