import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Document, operationsOf, resolve } from "./document.ts";

type Schema = Record<string, unknown>;

/** What a reader needs and a check does not. */
const ANNOTATIONS = /^(title|description|examples?|default|deprecated|x-.*)$/;

const definitionOf = (ref: string) => ref.replace("#/components/schemas/", "");

/** A schema with only what decides whether a value fits it; names of properties can be those of annotations. */
function bare(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(bare);
  if (typeof schema !== "object" || schema === null) return schema;
  const kept = Object.entries(schema).filter(([key]) => !ANNOTATIONS.test(key));
  return Object.fromEntries(
    kept.map(([key, value]) => {
      if (key === "properties") return [key, Object.fromEntries(Object.entries(value).map(([n, s]) => [n, bare(s)]))];
      return [key, key === "$ref" ? `#/$defs/${definitionOf(value)}` : bare(value)];
    }),
  );
}

/** The component schemas that a schema leads to, itself left out. */
function referencesIn(schema: unknown): string[] {
  const found = JSON.stringify(schema).matchAll(/"\$ref":"#\/(?:components\/schemas|\$defs)\/([^"]+)"/g);
  return [...found].map(([, name]) => String(name));
}

/** The source of what the client checks responses against: the schema of each, by path, method and status. */
export function schemasSource(document: Document): string {
  const definitions: Record<string, Schema> = {};
  const define = (name: string) => {
    if (name in definitions) return;
    const definition = bare(document.components?.schemas?.[name]) as Schema;
    definitions[name] = definition;
    referencesIn(definition).forEach(define);
  };
  const responses: Record<string, Record<string, Record<string, string | null>>> = {};
  for (const { method, path, operation } of operationsOf(document)) {
    const byStatus = Object.entries(operation.responses).map(([status, reference]) => {
      const schema = resolve(document, reference).content?.["application/json"]?.schema;
      const [name] = schema ? referencesIn(schema) : [];
      if (name) define(name);
      return [status, name ?? null];
    });
    responses[path] = { ...responses[path], [method.toUpperCase()]: Object.fromEntries(byStatus) };
  }
  return [
    "// Made by scripts/schemas.ts from the document. Change the document, not this file.",
    "/** The name of the schema of each response, by path, method and status; `null` where it is not JSON. */",
    `export const responses: Record<string, Record<string, Record<string, string | null>>> = ${JSON.stringify(responses)};`,
    "/** Schemas by name, in JSON Schema 2020-12. */",
    `export const definitions: Record<string, object> = ${JSON.stringify(definitions)};`,
    "",
  ].join("\n");
}

/** Writes what the client checks responses against, from the bundle in `folder`. */
export async function schemas(folder: string, output: string): Promise<void> {
  const document: Document = JSON.parse(await readFile(join(folder, "openapi.json"), "utf8"));
  await writeFile(output, schemasSource(document));
}
