import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Converter } from "@apiture/openapi-down-convert";
import { stringify } from "yaml";

/** Writes the bundle in `folder` once more as OpenAPI 3.0, for tools that do not read 3.1 yet. */
export async function downConvert(folder: string): Promise<void> {
  const document = JSON.parse(await readFile(join(folder, "openapi.json"), "utf8"));
  const converted = new Converter(document, { allOfTransform: true }).convert();
  await writeFile(join(folder, "openapi-3.0.yaml"), stringify(converted, { aliasDuplicateObjects: false }));
  await writeFile(join(folder, "openapi-3.0.json"), `${JSON.stringify(converted, null, 2)}\n`);
}
