import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { bundleDocument } from "@imcloud/openapi-tools/bundle";
import { stringify } from "yaml";
import { writeOutNullable } from "./inline-nullable-ids.ts";

/**
 * Bundles the document's files into `openapi.yaml` and `openapi.json` in `folder`.
 * @throws {@link Error} that names each broken reference
 */
export async function bundle(root: string, folder: string): Promise<void> {
  const { components, ...rest } = await bundleDocument(root).catch((cause: Error) => {
    throw new Error(`The bundle of ${root} failed.\n${cause.message}`, { cause });
  });
  // Components last, as readers look for paths.
  const document = writeOutNullable(components === undefined ? rest : { ...rest, components });
  await mkdir(folder, { recursive: true });
  await Promise.all([
    writeFile(join(folder, "openapi.yaml"), stringify(document, { aliasDuplicateObjects: false })),
    writeFile(join(folder, "openapi.json"), `${JSON.stringify(document, null, 2)}\n`),
  ]);
}
