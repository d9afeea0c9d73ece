import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  componentName,
  type Document,
  operationsOf,
  type Reference,
  resolve,
  type Schema,
} from "@imcloud/openapi-tools/document";
import { mapSchema, reachedComponents } from "@imcloud/openapi-tools/schema-walker";

/** What a reader needs and a check does not. */
const ANNOTATIONS = /^(title|description|examples?|default|deprecated|x-.*)$/;

/** A schema with only what decides whether a value fits it. */
const bare = (schema: object): object =>
  mapSchema(schema, (part) => {
    const kept = Object.entries(part).filter(([keyword]) => !ANNOTATIONS.test(keyword));
    const name = componentName(part);
    return { ...Object.fromEntries(kept), ...(name !== undefined && { $ref: `#/$defs/${name}` }) };
  });

/** The source of what the client checks responses against: the schema of each, by path, method and status. */
export function schemasSource(document: Document): string {
  const roots: Reference<Schema>[] = [];
  const responses: Record<string, Record<string, Record<string, string | null>>> = {};
  for (const { method, path, operation } of operationsOf(document)) {
    const byStatus = Object.entries(operation.responses).map(([status, reference]) => {
      const schema = resolve(document, reference).content?.["application/json"]?.schema;
      const name = componentName(schema);
      if (schema && name !== undefined) roots.push(schema);
      return [status, name ?? null];
    });
    responses[path] = { ...responses[path], [method.toUpperCase()]: Object.fromEntries(byStatus) };
  }
  const definitions = Object.fromEntries(
    [...reachedComponents(document, roots)].map((name) => [name, bare(document.components?.schemas?.[name] as object)]),
  );
  return [
    "// Made by packages/client/generate/schemas.ts from the document. Change the document, not this file.",
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
