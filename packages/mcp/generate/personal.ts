import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Document, Schema } from "@imcloud/openapi-tools/document";
import { schemasIn } from "@imcloud/openapi-tools/schema-walker";

/** The fields that the document marks as personal, each with the word that identifies it in free names. */
function personalFields(document: Document): Map<string, string> {
  const fields = new Map<string, string>();
  for (const { properties = {} } of schemasIn(document)) {
    for (const [name, node] of Object.entries(properties)) {
      const word = (node as Schema)["x-imcloud-personal"];
      if (word !== undefined) fields.set(name, word);
    }
  }
  return fields;
}

/**
 * Writes what the document marks by `x-imcloud-personal` as a module.
 * @throws {@link Error} when it marks nothing, as everything would be shown
 */
export async function personal(spec: string, output: string): Promise<void> {
  const fields = personalFields(JSON.parse(await readFile(join(spec, "openapi.json"), "utf8")));
  if (fields.size === 0) throw new Error("The document marks no field as personal.");
  await mkdir(dirname(output), { recursive: true });
  const text = JSON.stringify(Object.fromEntries(fields), null, 2);
  await writeFile(
    output,
    `// Made by packages/mcp/generate/personal.ts from the document.
/** Personal fields, each with the word that identifies it in free names. */
export const personalFields: Readonly<Record<string, string>> = ${text};
`,
  );
}
