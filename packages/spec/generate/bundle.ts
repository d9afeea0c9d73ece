import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { bundle as bundleFiles, createConfig, getLineColLocation, type NormalizedProblem } from "@redocly/openapi-core";
import { stringify } from "yaml";
import { writeOutNullable } from "./inline-nullable-ids.ts";

/** A problem with its file and line. */
function textOf({ message, location: [place] }: NormalizedProblem): string {
  if (!place) return message;
  const { line, col } = getLineColLocation(place).start;
  return `${place.source.absoluteRef}:${line}:${col}: ${message}`;
}

/**
 * Bundles the document's files into `openapi.yaml` and `openapi.json` in `folder`. It runs in this process, as starting another one takes
 * most of the time of a change.
 * @throws {@link Error} that names each broken reference
 */
export async function bundle(root: string, folder: string): Promise<void> {
  const { bundle: bundled, problems } = await bundleFiles({ ref: root, config: await createConfig() });
  const errors = problems.filter(({ severity }) => severity === "error");
  if (errors.length) throw new Error(`The bundle of ${root} failed.\n${errors.map(textOf).join("\n")}`);
  // Serialized once, so that no object is shared, which YAML would write as an alias. Components last, as readers look for paths.
  const { components, ...rest } = JSON.parse(JSON.stringify(bundled.parsed)) as Record<string, unknown>;
  const document = writeOutNullable(components === undefined ? rest : { ...rest, components });
  await mkdir(folder, { recursive: true });
  await Promise.all([
    writeFile(join(folder, "openapi.yaml"), stringify(document, { aliasDuplicateObjects: false })),
    writeFile(join(folder, "openapi.json"), `${JSON.stringify(document, null, 2)}\n`),
  ]);
}
