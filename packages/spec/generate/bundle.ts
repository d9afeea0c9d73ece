import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { redocly } from "@imcloud/openapi-tools/redocly";
import { parse, stringify } from "yaml";
import { writeOutNullable } from "./nullable.ts";

/** Bundles the document's files into `openapi.yaml` and `openapi.json` in `folder`. */
export async function bundle(root: string, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const yaml = join(folder, "openapi.yaml");
  await redocly("bundle", root, "--output", yaml);
  const document = writeOutNullable(parse(await readFile(yaml, "utf8")) as unknown);
  await writeFile(yaml, stringify(document, { aliasDuplicateObjects: false }));
  await writeFile(join(folder, "openapi.json"), `${JSON.stringify(document, null, 2)}\n`);
}
